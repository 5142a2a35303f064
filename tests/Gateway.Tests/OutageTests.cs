using System.Net;
using Microsoft.AspNetCore.Http;

namespace Vigil.Gateway.Tests;

/// <summary>An origin that hangs, breaks off, is not ready or is gone: one after the other, on a gateway of their own.</summary>
public sealed class OutageTests(OutageTests.Own own) : IClassFixture<OutageTests.Own>
{
    const string Edition = "au.localhost";
    const string Staff = "/api/newsroom/v1/articles";

    public sealed class Own : IAsyncLifetime
    {
        Door? _door;

        public Door Door => _door!;

        public async ValueTask InitializeAsync() => _door = await Door.Open(("ReverseProxy__Routes__news__Timeout", "00:00:01"));

        public ValueTask DisposeAsync() => _door?.DisposeAsync() ?? default;
    }

    Door Door => own.Door;

    /// <summary>Whoever runs the installation learns of which service there was no answer, and why.</summary>
    async Task IsLogged(string said, int after) => await Wait.Until(() => Task.FromResult(Door.Gateway.Log.Skip(after)), lines => lines.Any(l => l.Trim() == said), said);

    static void IsUnavailable(Reply answer)
    {
        answer.MustBe(503, "server.unavailable");
        Assert.Equal("3", answer.Headers["Retry-After"]);
        Assert.Equal("nosniff", answer.Headers["X-Content-Type-Options"]);
        Assert.DoesNotContain("127.0.0.1", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_origin_that_hangs_is_not_waited_for()
    {
        Door.Origin.Answers = http => Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        var logged = Door.Gateway.Log.Count();
        // One route has a second here, the other what every route has unless it says otherwise.
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var usual = Door.Get("/search", Edition);
        IsUnavailable(await Door.Get("/news", Edition));
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(8));
        IsUnavailable(await usual);
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(9.5), TimeSpan.FromSeconds(20));
        await IsLogged("publishing gave no answer: RequestTimedOut", logged);
        Door.Origin.Answers = null;
        (await Door.Get("/news", Edition)).Must(200);
    }

    [Fact]
    public async Task An_origin_that_breaks_off_before_its_answer_is_unavailable()
    {
        Door.Origin.Answers = http => { http.Abort(); return Task.CompletedTask; };
        var before = Door.Origin.Arrivals.Count;
        var logged = Door.Gateway.Log.Count();
        var answer = await Door.Send(HttpMethod.Post, $"{Staff}?canary-q7x");
        IsUnavailable(answer);
        // Not asked again: a command might have been done.
        Assert.Equal(before + 1, Door.Origin.Arrivals.Count);
        await IsLogged("authoring gave no answer: Request", logged);
        Assert.DoesNotContain(Door.Gateway.Log, l => l.Contains("canary", StringComparison.Ordinal) || l.Contains($":{Door.Origin.Port}", StringComparison.Ordinal));
        Door.Origin.Answers = null;
    }

    /// <summary>What deploy/up waits for is an answer of the service and not the gateway's own, which comes all the same.</summary>
    [Fact]
    public async Task Whether_the_gateway_leads_to_a_service_is_seen_from_outside()
    {
        async Task<string[]> Led() => (await Script.Run("/bin/bash", ["-c",
            $". deploy/installation.sh; door=http://127.0.0.1:{Door.Gateway.Port}; for path in \"${{addresses_behind[@]}}\"; do ! leads_to $path {Door.Platform.At("/")} || echo $path; done"])).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await Wait.Until(Led, led => led.Length == 4, "all led to");
        await Door.Origin.Stop();
        Assert.Empty(await Led());
        await Door.Origin.Start();
        await Wait.Until(Led, led => led.Length == 4, "all led to again");
    }

    [Fact]
    public async Task What_an_origin_says_itself_is_left_alone()
    {
        Door.Origin.Answers = http =>
        {
            http.Response.StatusCode = 503;
            http.Response.Headers["X-Own"] = "yes";
            return http.Response.WriteAsync("the origin's own words");
        };
        var answer = (await Door.Get("/news", Edition)).Must(503);
        Assert.Equal("the origin's own words", answer.Text);
        Door.Origin.Answers = null;
    }

    [Fact]
    public async Task An_origin_that_is_not_ready_gets_no_work_until_it_is_but_reading_and_the_newsroom_s_commands_go_on()
    {
        const string Mailings = "/api/notification/v1/mailings";
        var logged = Door.Gateway.Log.Count();
        Door.Origin.IsReady = false;
        IsUnavailable(await Wait.Until(() => Door.Get(Mailings), a => a.Status != 200, "the origin taken out"));
        await IsLogged("notification gave no answer: NoAvailableDestinations", logged);
        (await Door.Get("/news", Edition)).Must(200);
        (await Door.Send(HttpMethod.Post, "/api/newsroom/v1/articles/1/takedown", null, new StringContent("{}"))).Must(200);
        Door.Origin.IsReady = true;
        await Wait.Until(() => Door.Get(Mailings), a => a.Status == 200, "the origin back");
    }

    [Fact]
    public async Task A_connection_that_is_refused_is_made_to_another_instance()
    {
        const string Cluster = "ReverseProxy__Clusters__authoring__";
        // Nobody listens there, and no probe finds out.
        await using var door = await Door.Open(($"{Cluster}Destinations__b__Address", $"http://127.0.0.1:{Ports.Free()}"), ($"{Cluster}HealthCheck__Active__Enabled", "false"));
        var commands = Enumerable.Range(0, 20).Select(i => $"command {i}").ToArray();
        foreach (var command in commands) (await door.Send(HttpMethod.Post, Staff, null, new StringContent(command))).Must(200);
        Assert.Equal(commands, door.Origin.Arrivals.Where(a => a.Target == Staff).Select(a => a.Body));
        // A command without a body may have been carried, and lost its connection, before the refusal.
        var answers = new List<int>();
        for (var i = 0; i < 20; i++) answers.Add((await door.Send(HttpMethod.Delete, Staff)).Status);
        Assert.Equal([200, 503], answers.Distinct().Order());
        await door.Origin.Stop();
        IsUnavailable(await door.Send(HttpMethod.Post, Staff, null, new StringContent("command")));
    }

    [Fact]
    public async Task An_origin_that_is_gone_is_unavailable_and_comes_back()
    {
        await Door.Origin.Stop();
        IsUnavailable(await Door.Get("/news", Edition));
        IsUnavailable(await Door.Get(Staff));
        var german = ("Accept-Language", "de-AT, en;q=0.5");
        foreach (var (path, status, words) in new[] { ("/news", 503, "gerade nicht anzeigen"), ("/no/such/page", 404, "gibt es hier nicht") })
        {
            var page = (await Door.Get($"{path}?canary-q7x", Edition, ("Accept", "text/html,application/xhtml+xml,*/*;q=0.8"), german)).Must(status);
            Assert.Equal(("text/html; charset=utf-8", "no-store"), (page.Headers["Content-Type"], page.Headers["Cache-Control"]));
            Assert.Contains(words, page.Text, StringComparison.Ordinal);
            foreach (var leak in new[] { "canary", "127.0.0.1", "localhost" }) Assert.DoesNotContain(leak, page.Text, StringComparison.Ordinal);
            // Programs, and whoever takes anything, are told as ever.
            foreach (var accept in new[] { "*/*", "application/json", "text/html;q=0" }) Assert.NotNull((await Door.Get(path, Edition, ("Accept", accept))).Must(status).Code);
        }
        Assert.NotNull((await Door.Get(Staff, null, ("Accept", "text/html"))).Must(503).Code);
        IsUnavailable(await Door.Send(HttpMethod.Post, "/subscribe", Edition, new StringContent("a")));
        Assert.Equal(HttpStatusCode.OK, (HttpStatusCode)(await Door.Get("/health/live")).Status);
        await Door.Origin.Start();
        await Wait.Until(() => Door.Get("/news", Edition), a => a.Status == 200, "the origin back");
        await Wait.Until(() => Door.Get(Staff), a => a.Status == 200, "the newsroom back");
    }
}
