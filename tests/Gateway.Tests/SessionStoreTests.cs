using System.Text.Json.Nodes;
using static Vigil.Gateway.Tests.SignInDoor;

namespace Vigil.Gateway.Tests;

/// <summary>Where sessions are kept: used by all gateways, opened by nobody else, and missed for a while without harm.</summary>
public sealed class SessionStoreTests(SignInDoor.Shared shared) : IClassFixture<SignInDoor.Shared>
{
    SignInDoor Own => shared.Door;
    Door Door => Own.Door;
    Platform Platform => Own.Platform;

    [Fact]
    public async Task Fifty_requests_at_expiry_on_two_gateways_renew_once()
    {
        var visitor = await Platform.Visit("publisher");
        var other = Own.Elsewhere(visitor);
        (await other.Open("/newsroom")).Must(200);
        var account = (await Platform.Query<string>("select \"Id\"::text from identity.\"Accounts\" where \"UserName\" = 'publisher'"))[0];
        async Task<long> Given() => (await Platform.Query<long>("select count(*) from identity.\"OpenIddictTokens\" where \"Type\" like '%refresh_token' and \"Subject\" = $1", account))[0];
        for (var round = 0; round < 2; round++)
        {
            var before = await Given();
            // A token is good for eight seconds after it came, and it came before the last answer did.
            var ended = DateTime.UtcNow.AddSeconds(8.2);
            await Wait.Until(() => Task.FromResult(DateTime.UtcNow), now => now > ended, "the end of the token");
            var words = Enumerable.Range(0, 50).Select(_ => Word()).ToArray();
            var answers = await Task.WhenAll(words.Select((w, i) => (i % 2 == 0 ? visitor : other).Open($"/newsroom?{w}")));
            Assert.All(answers, a => a.Must(200));
            Assert.Single(words.Select(w => Door.Origin.With(w)!.Headers["Authorization"]).Distinct());
            Assert.Equal(before + 1, await Given());
        }
    }

    [Fact]
    public async Task While_the_store_is_away_nobody_is_signed_out()
    {
        // A gateway with a store of its own, which nobody else misses.
        var store = await Platform.Add(Services.Identity);
        var gateway = await Platform.Add(Services.Gateway,
            ("Session__Store", $"{store.Url}"), ("Identity__Metadata", $"{store.Url}.well-known/openid-configuration"),
            ("ReverseProxy__Clusters__identity__Destinations__a__Address", $"{store.Url}"), ("ReverseProxy__Clusters__identity__Destinations__b__Address", null));
        Visitor Stranger() => new(Platform, gateway.Url);
        // Both have begun just now: the first who comes waits, and a token is good for a few seconds only.
        (await Own.Elsewhere(await Platform.Visit("safety"), gateway).Open("/newsroom")).Must(200);
        var visitor = Own.Elsewhere(await Platform.Visit("safety"), gateway);
        (await visitor.Open("/newsroom")).Must(200);
        await store.Kill();
        // What is known goes on for its time.
        (await visitor.Open("/newsroom")).Must(200);
        var away = await Wait.Until(() => visitor.Open("/newsroom"), a => a.Status != 200, "the session unknown");
        away.MustBe(503, "server.unavailable");
        Assert.Equal("3", away.Headers["Retry-After"]);
        Assert.DoesNotContain("Set-Cookie", away.Headers.Keys);
        (await Stranger().Open(Articles)).MustBe(401, "auth.required");
        await store.Start();
        await Wait.Until(() => visitor.Open("/newsroom"), a => a.Status == 200, "the session back");
        // The gateway finds out by itself that the provider answers again, and who signs in next needs it.
        await Wait.Until(() => Stranger().Open("/identity/sign-in"), a => a.Status == 200, "the provider back");
        (await Stranger().Open("/newsroom/session/sign-in")).Must(302);
        foreach (var own in new[] { gateway, store }) await own.Kill();
    }

    [Fact]
    public async Task One_that_cannot_begin_leaves_the_one_that_it_would_replace()
    {
        var visitor = await Platform.Visit("duty");
        var before = KeyOf(visitor);
        // A second one under the id of a first is what the store cannot keep.
        var taken = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));
        Assert.Equal(204, await Keep(null));
        Assert.InRange(await Keep(before), 400, 599);
        Assert.Single(await Platform.Query<int>("select 1 from identity.\"Sessions\" where \"Id\" = decode($1, 'hex')", before));

        async Task<int> Keep(string? replaces)
        {
            var request = new HttpRequestMessage(HttpMethod.Put, new Uri(Platform[Services.Identity].Url, $"/inner/sessions/{taken}"))
            {
                Content = new StringContent(new JsonObject { ["subject"] = "somebody", ["mark"] = null, ["sealed"] = "AAAA", ["replaces"] = replaces }.ToJsonString(), System.Text.Encoding.UTF8, "application/json"),
            };
            request.Headers.Authorization = new("Bearer", Platform.Secret);
            return (await Platform.Send(request)).Status;
        }
    }

    [Fact]
    public async Task Where_sessions_are_kept_is_no_address_of_the_gateway_s_and_opens_to_nobody_without_the_secret()
    {
        var id = new string('0', 64);
        (await Door.Get($"/inner/sessions/{id}")).Must(404);
        foreach (var secret in new[] { null, "Bearer ", "Bearer of-a-test" })
        {
            var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Platform[Services.Identity].Url, $"/inner/sessions/{id}"));
            if (secret is not null) request.Headers.TryAddWithoutValidation("Authorization", secret);
            (await Platform.Send(request)).MustBe(401, "auth.required");
        }
    }
}
