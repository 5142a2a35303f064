using MimeKit;

namespace Vigil.Notification.Dispatch;

/// <summary>What became of one mail at the door out of the house.</summary>
public abstract record Answer
{
    Answer() { }

    public sealed record Accepted : Answer;

    /// <summary>For good.</summary>
    public sealed record Refused(Reason Reason) : Answer;

    /// <summary>Not now, this one.</summary>
    public sealed record Later : Answer;

    /// <summary>The relay takes nothing just now. <paramref name="Unsure"/>: it may have taken this one.</summary>
    public sealed record Broken(bool Unsure) : Answer;
}

/// <summary>One way out: a connection to the relay, or a folder. Used by one worker at a time.</summary>
public interface IOutlet : IAsyncDisposable
{
    /// <summary>Makes sure that the way is open, before a mail is marked as handed over. Throws what <see cref="SmtpOutlet.IsTrouble"/> knows if it is not.</summary>
    Task Open(CancellationToken ct);

    Task<Answer> Hand(Guid letter, MimeMessage mail);

    /// <summary>There is nothing to do for now.</summary>
    Task Rest();
}

/// <summary>Where mail goes: Notification:Smtp names a relay, or, without its Host, Notification:Pickup a folder.</summary>
public sealed class Outlets
{
    readonly SmtpOutlet.Relay? _relay;

    /// <summary>Null with a relay.</summary>
    public string? Pickup { get; }
    public int Connections { get; }

    public Outlets(IConfiguration configuration)
    {
        Connections = configuration.GetValue("Notification:Connections", 4);
        if (Connections is < 1 or > 64) throw new InvalidOperationException("Notification:Connections is a number from 1 to 64.");
        if (!string.IsNullOrEmpty(configuration["Notification:Smtp:Host"])) _relay = SmtpOutlet.Relay.From(configuration.GetSection("Notification:Smtp"));
        else if (configuration["Notification:Pickup"] is { Length: > 0 } folder) Pickup = Directory.CreateDirectory(folder).FullName;
        else throw new InvalidOperationException("Set Notification:Smtp:Host to the mail relay, or Notification:Pickup to a folder for .eml files.");
    }

    public IOutlet New() => _relay is not null ? new SmtpOutlet(_relay) : new PickupOutlet(Pickup!);
}
