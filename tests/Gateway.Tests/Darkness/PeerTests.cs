using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Vigil.Hosting;

namespace Vigil.Gateway.Tests.Darkness;

/// <summary>Two gateways that know each other: what one is told holds at the other.</summary>
public sealed class PeerTests : IAsyncLifetime
{
    const string Dark = "/newsroom/dark";

    Door? _door;
    Instance? _second;

    Door Door => _door!;
    Instance First => Door.Gateway;
    Instance Second => _second!;

    public async ValueTask InitializeAsync()
    {
        _door = await Door.Open();
        _second = await Door.Platform.Add(Services.Gateway);
        Door.Origin.Answers = http =>
        {
            http.Response.Headers[Shown.Header] = Shown.Nothing;
            return http.Response.WriteAsync("words");
        };
    }

    public ValueTask DisposeAsync() => _door?.DisposeAsync() ?? default;

    async Task<int> At(Instance gateway, string slug) => (await Door.Platform.Send(new(HttpMethod.Get, new UriBuilder(gateway.Url) { Host = "au.localhost", Path = $"/news/{slug}" }.Uri))).Status;

    async Task Tell(Instance gateway, HttpMethod method, string slug)
    {
        var request = new HttpRequestMessage(method, new Uri(gateway.Url, method == HttpMethod.Delete ? $"{Dark}?address={slug}" : Dark));
        if (method != HttpMethod.Delete) request.Content = new StringContent(new JsonObject { ["address"] = slug }.ToJsonString(), Encoding.UTF8, "application/json");
        request.Headers.Authorization = new("Bearer", Door.Platform.Issuer.Token(Account.Duty));
        (await Door.Platform.Send(request)).Must(200);
    }

    async Task Everywhere(string slug, int status) => await Wait.Until(async () => (await At(First, slug), await At(Second, slug)), s => s == (status, status), $"{status} at both", TimeSpan.FromSeconds(10));

    [Fact]
    public async Task An_order_and_that_it_was_taken_back_reach_the_other_by_themselves()
    {
        First.Set("Gateway__Peers__0", $"{Second.Url}");
        Second.Set("Gateway__Peers__0", $"{First.Url}");
        foreach (var gateway in new[] { First, Second })
        {
            await gateway.Kill();
            await gateway.Start();
        }
        var slug = $"s{Guid.NewGuid():n}";
        await Tell(First, HttpMethod.Post, slug);
        await Everywhere(slug, 404);
        await Tell(Second, HttpMethod.Delete, slug);
        await Everywhere(slug, 200);

        // Each of both was told, before either had heard of the other's order.
        var both = $"s{Guid.NewGuid():n}";
        await Task.WhenAll(Tell(First, HttpMethod.Post, both), Tell(Second, HttpMethod.Post, both));
        await Everywhere(both, 404);
        await Wait.Until(async () =>
        {
            if (await At(First, both) == 404) await Tell(First, HttpMethod.Delete, both);
            return (await At(First, both), await At(Second, both));
        }, s => s == (200, 200), "taken back at both", TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task One_that_has_just_begun_is_not_ready_before_it_has_heard_the_others()
    {
        var (slug, heard) = ($"s{Guid.NewGuid():n}", new TaskCompletionSource());
        var others = Door.Origin.Answers!;
        // The other gateway, which takes its time.
        Door.Origin.Answers = async http =>
        {
            if (http.Request.Path != Dark) { await others(http); return; }
            await heard.Task;
            await http.Response.WriteAsync($$"""{"items":[{"address":"{{slug}}","at":"2026-01-01T00:00:00Z","by":"somebody","stage":"asked","words":""}]}""");
        };
        Second.Set("Gateway__Peers__0", Door.Origin.Address);
        await Second.Kill();
        await Second.StartHeld();
        using var ready = await Door.Platform.Http.GetAsync(new Uri(Second.Url, "/health/ready"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        heard.SetResult();
        await Second.Ready();
        Assert.Equal(404, await At(Second, slug));
        // One that does not answer is waited for no longer than a start may take.
        await Door.Origin.Stop();
        await Second.Kill();
        await Second.Start();
        Assert.Equal(404, await At(Second, slug));
    }
}
