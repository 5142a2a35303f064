namespace Vigil.Hosting;

/// <summary>What a pure decision answers: facts to record, nothing (it is so already), or a refusal with stable codes.</summary>
public abstract record Decision
{
    private Decision() { }

    public sealed record Recorded(IReadOnlyList<object> Events) : Decision;
    public sealed record Unchanged : Decision;
    public sealed record Refused(IReadOnlyList<Fault> Faults) : Decision;

    public static Decision Nothing { get; } = new Unchanged();
    public static Decision Record(params object[] events) => new Recorded(events);
    public static Decision Refuse(string code, string? field = null) => new Refused([new Fault(code, field)]);
    public static Decision Refuse(IReadOnlyList<Fault> faults) => new Refused(faults);
}

/// <summary>One reason for a refusal: a code of <see cref="Refusals"/>, where one is to blame the member of the request, and of what was counted how many there may be.</summary>
public sealed record Fault(string Code, string? Field = null, int? Most = null)
{
    /// <summary>Counts Unicode characters, of which an emoji that looks like one may have several.</summary>
    public static Fault? OfLength(string text, int most, string field) => text.Length > most && text.EnumerateRunes().Count() > most ? new("text.too-long", field, most) : null;
}

/// <summary>A refusal met outside a decision, while a request is read. Carries codes only, never what was sent.</summary>
public sealed class RefusedException(params Fault[] faults) : Exception(faults[0].Code)
{
    public IReadOnlyList<Fault> Faults { get; } = faults;
}
