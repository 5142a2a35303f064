using Vigil.Journeys;

[assembly: AssemblyFixture(typeof(Installed))]
[assembly: ExplainedByLogs]

namespace Vigil.Journeys;

/// <summary>The platform that most journeys share: each keeps to its own articles and readers.</summary>
public sealed class Installed : IAsyncLifetime
{
    Platform? _platform;

    public Platform Platform => _platform!;

    public async ValueTask InitializeAsync() => _platform = await Platform.Start(Services.All);

    public ValueTask DisposeAsync() => _platform?.DisposeAsync() ?? default;
}
