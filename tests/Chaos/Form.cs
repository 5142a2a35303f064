namespace Vigil.Chaos;

/// <summary>How long a run is, and what it goes through.</summary>
/// <param name="Articles">Written before anything goes wrong; others follow until the last fault is over.</param>
/// <param name="Away">How long the broker is away.</param>
/// <param name="Slack">By how much recovery may take longer than promised: where a test runs it, others use the machine too.</param>
public sealed record Form(string Name, int Articles, int Rounds, TimeSpan Away, TimeSpan DatabaseAway, TimeSpan Alarm, double Slack)
{
    public static Form Brief { get; } = new("short", 60, 1, TimeSpan.FromSeconds(10), TimeSpan.Zero, TimeSpan.FromSeconds(4), Slack: 1);
    public static Form Five { get; } = new("five", 150, 2, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(8), Slack: 1);
    public static Form Lasting { get; } = new("long", 5000, 1, TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(60), Slack: 1);
}
