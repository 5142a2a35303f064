using System.Globalization;

namespace Vigil.Gateway.Tests;

/// <summary>The limits as they are delivered, on a gateway of their own that is started anew for each.</summary>
public sealed class LimitTests
{
    const string Edition = "au.localhost";

    static async Task<Door> Delivered()
    {
        var door = await Door.Open();
        await door.Gateway.Stop();
        foreach (var area in new[] { "public", "newsroom" })
            foreach (var figure in new[] { "PerSecond", "Burst" }) door.Gateway.Set($"Gateway__Limits__{area}__{figure}", null);
        await door.Gateway.Start();
        return door;
    }

    static void IsTooMany(Reply answer, int longest)
    {
        answer.MustBe(429, "request.too-many");
        Assert.InRange(int.Parse(answer.Headers["Retry-After"], CultureInfo.InvariantCulture), 1, longest);
        Assert.Equal("nosniff", answer.Headers["X-Content-Type-Options"]);
    }

    [Fact]
    public async Task A_flood_is_refused_for_a_moment_and_leaves_others_alone()
    {
        await using var door = await Delivered();
        // As fast as this machine can: the burst is 200 in the newsroom, 50 more come each second.
        var answers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => door.Get("/newsroom")));
        var served = answers.Count(a => a.Status == 200);
        Assert.InRange(served, 200, 900);
        Assert.Equal(served, door.Origin.Arrivals.Count);
        foreach (var refused in answers.Where(a => a.Status != 200)) IsTooMany(refused, 2);
        // The public area has a bucket of its own.
        (await door.Get("/news", Edition)).Must(200);
        await Wait.Until(() => door.Get("/newsroom"), a => a.Status == 200, "the flood over");

        await Wait.Until(async () => (await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => door.Get("/nowhere", Edition)))).Count(a => a.Status == 429), n => n > 0, "a flood of made-up addresses refused");
    }

    [Fact]
    public async Task Five_failed_sign_ins_are_the_last_for_a_while()
    {
        await using var door = await Delivered();
        door.Origin.Answers = http => { http.Response.StatusCode = http.Request.Path == "/connect/token" ? 400 : 422; return Task.CompletedTask; };
        for (var i = 0; i < 5; i++) (await door.Send(HttpMethod.Post, i % 2 == 0 ? "/identity/sign-in" : "/connect/token")).Must(i % 2 == 0 ? 422 : 400);
        foreach (var path in new[] { "/identity/sign-in", "/connect/token", "/identity/invitation" }) IsTooMany(await door.Send(HttpMethod.Post, path), 900);
        Assert.Equal(5, door.Origin.Arrivals.Count);
        // Looking at the page is no attempt, nor is any other work.
        door.Origin.Answers = null;
        (await door.Get("/identity/sign-in")).Must(200);
        (await door.Send(HttpMethod.Post, "/newsroom/articles")).Must(200);
    }

    [Fact]
    public async Task Sign_ins_that_succeed_are_not_counted_and_guesses_at_once_are()
    {
        await using var door = await Delivered();
        for (var i = 0; i < 12; i++) (await door.Send(HttpMethod.Post, "/identity/sign-in")).Must(200);
        door.Origin.Answers = async http => { await Task.Delay(50); http.Response.StatusCode = 422; };
        var guesses = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => door.Send(HttpMethod.Post, "/identity/sign-in")));
        // Four are let through at a time: those that were on their way when the fifth failed.
        Assert.InRange(guesses.Count(g => g.Status == 422), 5, 8);
        Assert.All(guesses.Where(g => g.Status != 422), g => IsTooMany(g, 900));
    }
}
