using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Vigil.Gateway.Session;
using Vigil.Hosting;

namespace Vigil.Gateway.Tests;

/// <summary>What becomes of a session whose tokens are due, when provider and store answer late or not at all.</summary>
public sealed class RenewalTests : IAsyncLifetime
{
    readonly string _address = $"http://127.0.0.1:{Ports.Free()}";
    readonly SessionId _id = SessionId.New();
    WebApplication? _app;
    Func<HttpContext, Task> _renew = Hang, _keep = Hang;
    Session.Store.Content? _content;
    int _asked;

    static Task Hang(HttpContext http) => Task.Delay(Timeout.Infinite, http.RequestAborted);

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(_address);
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.MapGet("/inner/sessions/{id}", () => Results.Json(_content, Json.Stored));
        app.MapPost("/inner/sessions/{id}/lease", () => Results.NoContent());
        app.MapPut("/inner/sessions/{id}/content", http => _keep(http));
        app.MapPost("/token", http => { Interlocked.Increment(ref _asked); return _renew(http); });
        await app.StartAsync();
        _app = app;
    }

    public async ValueTask DisposeAsync()
    {
        await _app!.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    /// <summary>A clock that goes as ever, and waits a fifth of the time.</summary>
    sealed class Impatient : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? dueTime / 5 : dueTime, period > TimeSpan.Zero ? period / 5 : period);
    }

    /// <summary>A gateway that has never heard of the session.</summary>
    Sessions Gateway()
    {
        var settings = new Settings(new(_address), _address, RequireHttps: false, "newsroom", "secret", "role", new(_address), "secret");
        var services = new ServiceCollection();
        services.AddOptions<OpenIdConnectOptions>(SignIn.Scheme).Configure(o =>
        {
            o.ConfigurationManager = new StaticConfigurationManager<OpenIdConnectConfiguration>(new() { TokenEndpoint = $"{_address}/token" });
            o.Backchannel = new HttpClient();
        });
        var clock = new Impatient();
        return new(new Session.Store(settings), new Provider(services.BuildServiceProvider().GetRequiredService<IOptionsMonitor<OpenIdConnectOptions>>(), settings, clock), clock, NullLogger<Sessions>.Instance);
    }

    void Stored(TimeSpan left)
    {
        var now = DateTimeOffset.UtcNow;
        _content = new(_id.Close(new("somebody", [], null, "old", "first", now.AddSeconds(-1), now + left)), 1, now.AddHours(1));
    }

    Task<Held?> Find(Sessions gateway) => gateway.Find(_id, TestContext.Current.CancellationToken);

    [Fact]
    public async Task A_provider_that_never_answers_is_away_and_the_old_tokens_do_while_they_last()
    {
        using var gateway = Gateway();
        Stored(TimeSpan.FromMinutes(1));
        Assert.Equal("old", (await Find(gateway))!.Tokens.Access);
        Stored(TimeSpan.FromSeconds(-1));
        await Assert.ThrowsAsync<AwayException>(() => Find(gateway));
    }

    [Fact]
    public async Task New_tokens_are_kept_however_long_the_store_takes_to_take_them()
    {
        Stored(TimeSpan.FromSeconds(-1));
        _renew = http => http.Response.WriteAsJsonAsync(new { access_token = "new", refresh_token = "second", expires_in = "600", token_type = "Bearer" });
        var tries = 0;
        _keep = async http =>
        {
            var tried = Interlocked.Increment(ref tries);
            if (tried == 2) await Hang(http);
            http.Response.StatusCode = tried == 1 ? 503 : 204;
            if (tried > 2) _content = _content! with { Sealed = (await http.Request.ReadFromJsonAsync<Put>(Json.Stored))!.Sealed, Version = 2 };
        };
        using var gateway = Gateway();
        for (var i = 0; i < 2; i++) Assert.Equal("new", (await Find(gateway))!.Tokens.Access);
        await Wait.Until(() => Task.FromResult(_content!), c => c.Version == 2, "the new tokens kept");
        Assert.Equal(("new", "second"), (_id.Open(_content!.Sealed).Access, _id.Open(_content.Sealed).Refresh));
        using var other = Gateway();
        Assert.Equal("new", (await Find(other))!.Tokens.Access);
        Assert.Equal((1, 3), (_asked, tries));
    }

    sealed record Put(int Version, byte[] Sealed);
}
