using Vigil.Hosting;

namespace Vigil.Gateway.Darkness;

/// <summary>
/// Who made a story dark by mistake shows it again, as long as it is not withdrawn; from then on two people bring it back. Nobody does so to the
/// order of another, or one stolen account would show what has to be dark; but whoever runs the installation does.
/// </summary>
static class TakeBack
{
    /// <param name="Person">Null: whoever runs the installation.</param>
    public sealed record By(string? Person, DateTimeOffset At);

    public sealed record TakenBack(Guid Order, DateTimeOffset At);

    /// <param name="orders">All of this address.</param>
    public static Decision Decide(IReadOnlyCollection<DarkOrder> orders, By by)
    {
        DarkOrder[] standing = [.. orders.Where(o => o.OverAt is null)];
        DarkOrder[] own = [.. standing.Where(o => by.Person is null || o.By == by.Person)];
        return standing switch
        {
            [] => orders.MaxBy(o => o.OverAt) is { Stage: Stage.TakenBack } ? Decision.Nothing : Decision.Refuse("dark.unknown", "address"),
            _ when own is [] => Decision.Refuse("dark.not-yours", "address"),
            _ when own.Any(o => o.Stage is Stage.Withdrawn) => Decision.Refuse("dark.withdrawn", "address"),
            _ => Decision.Record([.. own.Select(o => new TakenBack(o.Id, by.At))]),
        };
    }
}
