[assembly: ExplainedByLogs]

namespace Vigil.Journeys;

/// <summary>The platform that most journeys share, one after the other: each keeps to its own articles and readers.</summary>
[CollectionDefinition(nameof(Installed))]
public sealed class Installed : IAsyncLifetime, ICollectionFixture<Installed>
{
    Platform? _platform;
    Collector? _collector;

    public Platform Platform => _platform!;

    /// <summary>Has all that the platform tells operations, from its first breath.</summary>
    public Collector Collector => _collector!;

    public async ValueTask InitializeAsync()
    {
        _collector = await Collector.Start();
        _platform = await Platform.Start(Services.All, settings: _collector.Settings);
    }

    public async ValueTask DisposeAsync()
    {
        if (_platform is not null) await _platform.DisposeAsync();
        if (_collector is not null) await _collector.DisposeAsync();
    }
}
