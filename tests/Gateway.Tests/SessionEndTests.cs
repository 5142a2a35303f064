using static Vigil.Gateway.Tests.SignInDoor;

namespace Vigil.Gateway.Tests;

/// <summary>A session that was left, or went unused, is over at every gateway.</summary>
public sealed class SessionEndTests(SignInDoor.Shared shared) : IClassFixture<SignInDoor.Shared>
{
    SignInDoor Own => shared.Door;
    Platform Platform => Own.Platform;

    [Fact]
    public async Task A_sign_out_ends_this_session_at_the_provider_too_and_everywhere_ends_all()
    {
        var (one, two, three) = (await Platform.Visit("editor2"), await Platform.Visit("editor2"), await Platform.Visit("editor2"));
        var stolen = Own.Elsewhere(one);
        var left = (await one.Press(await one.Open("/newsroom/session/sign-out"), "/newsroom/session/sign-out")).Must(303);
        Assert.Contains("\"cookies\"", left.Headers["Clear-Site-Data"], StringComparison.Ordinal);
        Assert.StartsWith($"{Own.Here}/connect/end-session?", left.Headers["Location"], StringComparison.Ordinal);
        Assert.DoesNotContain("id_token_hint", left.Headers["Location"], StringComparison.Ordinal);
        Assert.Contains("You are signed out", (await one.Follow(left)).Must(200).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Cookie, one.Cookies.Keys);
        // The provider's own session is over as well: it asks for the password again.
        Assert.Contains("name=\"password\"", (await one.Follow("/newsroom")).Must(200).Text, StringComparison.Ordinal);
        await Wait.Until(() => stolen.Open(Articles), a => a.Status == 401, "the session over on the other gateway");
        (await two.Open("/newsroom")).Must(200);

        var far = Own.Elsewhere(three);
        (await far.Open("/newsroom")).Must(200);
        (await two.Press(await two.Open("/newsroom/session/sign-out"), "/newsroom/session/sign-out-everywhere")).Must(303);
        await Wait.Until(() => far.Open(Articles), a => a.Status == 401, "all sessions over", TimeSpan.FromSeconds(60));
        Assert.Contains("name=\"password\"", (await three.Follow("/newsroom")).Must(200).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"Seen\"", "interval '16 minutes'")]
    [InlineData("\"Ends\"", "interval '8 hours 1 second'")]
    public async Task A_session_ends_unused_after_a_while_and_after_a_day_s_work(string what, string passed)
    {
        var visitor = await Platform.Visit("duty");
        var key = KeyOf(visitor);
        Assert.Single(await Platform.Query<bool>($"update identity.\"Sessions\" set {what} = {what} - {passed} where \"Id\" = decode($1, 'hex') returning true", key));
        await Wait.Until(() => visitor.Open(Articles), a => a.Status == 401, "the session over", TimeSpan.FromSeconds(60));
    }
}
