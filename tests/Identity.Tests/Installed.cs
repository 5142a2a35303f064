using Vigil.Identity.Tests;

[assembly: AssemblyFixture(typeof(Installed))]
[assembly: ExplainedByLogs]
// They wait far more than they work.
[assembly: Xunit.v3.Parallelization(MaxThreads = 8)]

namespace Vigil.Identity.Tests;

/// <summary>The provider that most tests share, with the accounts of a demonstration, a web client and two machines.</summary>
public sealed class Installed : IAsyncLifetime
{
    public const string Password = Platform.DemonstrationPassword;
    public const string Redirect = "http://127.0.0.1/newsroom/signed-in";
    public const string MachineSecret = "a secret of thirty-two characters";

    readonly Lazy<Task<Named>> _named = new(Tests.Named.Open);
    Platform? _platform;

    public Platform Platform => _platform!;

    /// <summary>Another one, once a test asks for it.</summary>
    public Task<Named> Named => _named.Value;

    public async ValueTask InitializeAsync() => _platform = await Start();

    public static Task<Platform> Start(params (string Name, string Value)[] more) => Start("127.0.0.1", 1, more);

    public static Task<Platform> Start(string issuerHost, int each, params (string Name, string Value)[] more)
    {
        var settings = new Dictionary<string, string>
        {
            ["Identity__Clients__newsroom__RedirectUris__0"] = Redirect,
            ["Identity__Machines__import__Secret"] = MachineSecret,
            ["Identity__Machines__import__Roles__0"] = "writer",
            ["Identity__Machines__administration__Secret"] = MachineSecret,
            ["Identity__Machines__administration__Roles__0"] = "admin",
            ["Identity__Lockout__Attempts"] = "3",
            ["Identity__Lockout__Pause"] = "00:00:12",
        };
        foreach (var (name, value) in more) settings[name] = value;
        return Platform.Start(Services.Identity, settings: settings, each: each, issuerHost: issuerHost);
    }

    public async ValueTask DisposeAsync()
    {
        if (_named is { IsValueCreated: true, Value.IsCompletedSuccessfully: true }) await (await _named.Value).DisposeAsync();
        if (_platform is not null) await _platform.DisposeAsync();
    }
}
