using Vigil.Notification.Subscribers;
using Vigil.Notification.Tests;

[assembly: AssemblyFixture(typeof(Installed))]
[assembly: ExplainedByLogs]
// They wait far more than they work.
[assembly: Xunit.v3.Parallelization(MaxThreads = 8)]

namespace Vigil.Notification.Tests;

/// <summary>The service that most tests share, fed by the wire alone; each keeps to editions of its own.</summary>
public sealed class Installed : IAsyncLifetime
{
    public static string Secret { get; } = Convert.ToBase64String(Enumerable.Range(1, 32).Select(n => (byte)n).ToArray());

    /// <summary>What the service seals and proves with.</summary>
    public static Seal Seal { get; } = new(Convert.FromBase64String(Secret));

    Platform? _platform;

    public Platform Platform => _platform!;

    // With a relay, development mail must not be there even where it is asked for.
    public async ValueTask InitializeAsync() => _platform = await Start(("Notification__Development", "true"));

    public static Task<Platform> Start(params (string Name, string Value)[] more) =>
        Platform.Start(Services.Notification, settings: more.Append(("Notification__Secret", Secret)).ToDictionary(s => s.Item1, s => s.Item2));

    public ValueTask DisposeAsync() => _platform?.DisposeAsync() ?? default;
}
