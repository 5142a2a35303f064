[assembly: ExplainedByLogs]

namespace Vigil.Journeys;

/// <summary>The platform that most journeys share, one after the other: each keeps to its own articles and readers.</summary>
[CollectionDefinition(nameof(Installed))]
public sealed class Installed : IAsyncLifetime, ICollectionFixture<Installed>
{
    Platform? _platform;

    public Platform Platform => _platform!;

    public async ValueTask InitializeAsync() => _platform = await Platform.Start(Services.All);

    public ValueTask DisposeAsync() => _platform?.DisposeAsync() ?? default;
}
