using Vigil.Browser;

[assembly: AssemblyFixture(typeof(Installed))]
[assembly: ExplainedByLogs]
// One of its journeys waits for half a minute.
[assembly: Xunit.v3.Parallelization(MaxThreads = 3)]

namespace Vigil.Browser;

/// <summary>A platform with stories on it, and the browser that looks at it. Mail goes to the development pages, so that it can be read there.</summary>
public sealed class Installed : IAsyncLifetime
{
    readonly DirectoryInfo _mail = Directory.CreateTempSubdirectory();
    Chromium? _chromium;
    Newsstand? _newsstand;
    Platform? _platform;

    public Chromium Chromium => _chromium!;
    public Newsstand Newsstand => _newsstand!;

    public async ValueTask InitializeAsync()
    {
        var chromium = Chromium.Start();
        _platform = await Platform.Start(Services.All, settings: new Dictionary<string, string>
        {
            ["Notification__Smtp__Host"] = "",
            ["Notification__Pickup"] = _mail.FullName,
            ["Notification__Development"] = "true",
            // Pages are shown a wrong password again and again.
            ["Gateway__Limits__signIn__Attempts"] = "1000",
        }, issuerHost: "localhost");
        _newsstand = await Newsstand.Fill(_platform);
        _chromium = await chromium;
    }

    public async ValueTask DisposeAsync()
    {
        if (_chromium is not null) await _chromium.DisposeAsync();
        if (_platform is not null) await _platform.DisposeAsync();
        _mail.Delete(recursive: true);
    }
}
