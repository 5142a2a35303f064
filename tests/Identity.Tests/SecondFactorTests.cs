using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Vigil.Identity.Tests;

public sealed partial class SecondFactorTests(Installed installed)
{
    Platform Platform => installed.Platform;

    [GeneratedRegex("<p class=\"secret\">([A-Z2-7 ]+)</p>")]
    private static partial Regex Secret();

    [GeneratedRegex("<li>([a-z2-7]{5}-[a-z2-7]{5})</li>")]
    private static partial Regex Paper();

    /// <summary>RFC 6238 as it is written, so that what we use is held against something else.</summary>
    static string Code(string secret, DateTimeOffset at)
    {
        const string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        var bits = string.Concat(secret.Where(char.IsAsciiLetterOrDigit).Select(c => Convert.ToString(alphabet.IndexOf(c), 2).PadLeft(5, '0')));
        var key = Enumerable.Range(0, bits.Length / 8).Select(i => Convert.ToByte(bits.Substring(8 * i, 8), 2)).ToArray();
        var step = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(step, at.ToUnixTimeSeconds() / 30);
#pragma warning disable CA5350 // The standard's own.
        var hash = HMACSHA1.HashData(key, step);
#pragma warning restore CA5350
        return ((BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(hash[^1] & 0xf)) & 0x7fffffff) % 1_000_000).ToString("000000", CultureInfo.InvariantCulture);
    }

    [Fact]
    public void The_example_of_the_standard_is_met() => Assert.Equal("287082", Code("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", DateTimeOffset.FromUnixTimeSeconds(59)));

    sealed record Holder(Staff Person, Browser Browser, string Secret, string FirstCode, IReadOnlyList<string> Paper);

    /// <summary>Somebody who has set up an authenticator, in the browser that is still signed in.</summary>
    static async Task<Holder> SetUp(Platform platform, Staff? person = null, string page = "/identity/sign-in?returnUrl=/identity/security")
    {
        person ??= await Staff.Join(platform, platform.As(Account.Admin));
        var browser = new Browser(platform);
        var security = (await browser.Follow(await browser.SignIn(person.Name, Staff.Password, page))).Must(200);
        var offer = (await browser.Press(security, "/identity/security/authenticator/offer")).Must(200);
        Assert.Contains("<svg", offer.Text, StringComparison.Ordinal);
        var secret = Secret().Match(offer.Text).Groups[1].Value;
        var again = (await browser.Press(offer, "/identity/security/authenticator", ("code", "12345"))).Must(422);
        Assert.Equal(secret, Secret().Match(again.Text).Groups[1].Value);
        var first = Code(secret, DateTimeOffset.UtcNow);
        var done = (await browser.Press(again, "/identity/security/authenticator", ("code", first))).Must(200);
        return new(person, browser, secret, first, [.. Paper().Matches(done.Text).Select(m => m.Groups[1].Value)]);
    }

    static async Task<Reply> Ask(Browser browser, Holder holder)
    {
        var page = (await browser.SignIn(holder.Person.Name, Staff.Password)).Must(302);
        Assert.StartsWith("/identity/second-factor", page.Headers["Location"], StringComparison.Ordinal);
        return (await browser.Open(page.Headers["Location"])).Must(200);
    }

    // So that no test waits for the next code.
    async Task Forget(Holder holder) => await Platform.Query<bool>("update identity.\"Accounts\" set \"AuthenticatorStep\" = 0 where \"Id\" = $1 returning true", holder.Person.Id);

    [Fact]
    public async Task After_the_password_comes_a_code_and_each_code_counts_once()
    {
        var holder = await SetUp(Platform);
        Assert.Equal(10, holder.Paper.Distinct().Count());
        var browser = new Browser(Platform);
        var page = await Ask(browser, holder);
        // The password alone opens nothing.
        Assert.StartsWith("/identity/sign-in", (await browser.Open(browser.Authorize())).Must(302).Headers["Location"], StringComparison.Ordinal);
        // The code that set it up is used, and so is each after its first use, also on its way twice at once.
        (await browser.Press(page, "/identity/second-factor", ("code", holder.FirstCode))).Must(422);
        await Forget(holder);
        var code = Code(holder.Secret, DateTimeOffset.UtcNow);
        var others = await Task.WhenAll(Enumerable.Range(1, 2).Select(async network =>
        {
            var other = new Browser(Platform) { Says = [("X-Forwarded-For", $"198.51.100.{network}")] };
            return (Browser: other, Answer: await other.Press(await Ask(other, holder), "/identity/second-factor", ("code", $"{code[..3]} {code[3..]}")));
        }));
        Assert.Equal([302, 422], others.Select(o => o.Answer.Status).Order());
        var token = new Microsoft.IdentityModel.JsonWebTokens.JsonWebToken(await others.Single(o => o.Answer.Status == 302).Browser.Token());
        Assert.Equal(["mfa", "otp", "pwd"], token.Claims.Where(c => c.Type == "amr").Select(c => c.Value).Order());
        Assert.InRange(long.Parse(token.GetClaim("auth_time").Value, CultureInfo.InvariantCulture), DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 60, DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        foreach (var secret in holder.Paper.Append(holder.Secret.Replace(" ", "", StringComparison.Ordinal))) Assert.Empty(await Platform.TablesWith("identity", secret));
    }

    [Fact]
    public async Task A_code_on_paper_opens_once_and_guesses_are_paused()
    {
        var holder = await SetUp(Platform);
        // A right password does not make the guesses before it undone: the third try from here pauses all that follow, right or not.
        foreach (var (code, status) in new[] { (holder.Paper[0].ToUpperInvariant(), 302), (holder.Paper[1].Replace("-", " ", StringComparison.Ordinal), 302), (holder.Paper[0], 422), (holder.Paper[2], 422) })
        {
            var browser = new Browser(Platform);
            (await browser.Press(await Ask(browser, holder), "/identity/second-factor", ("code", code))).Must(status);
        }
        (await new Browser(Platform).SignIn(holder.Person.Name, Staff.Password)).Must(422);
    }

    [Fact]
    public async Task Setting_up_ends_other_sign_ins_and_needs_one_of_the_last_minutes_and_the_factor_itself()
    {
        var person = await Staff.Join(Platform, Platform.As(Account.Admin));
        var elsewhere = new Browser(Platform);
        (await elsewhere.SignIn(person.Name, Staff.Password)).Must(302);
        (await elsewhere.Open("/identity/security")).Must(200);
        var holder = await SetUp(Platform, person);
        Assert.StartsWith("/identity/sign-in", (await elsewhere.Open("/identity/security")).Must(302).Headers["Location"], StringComparison.Ordinal);
        Assert.StartsWith("/identity/sign-in", (await new Browser(Platform).Open("/identity/security")).Must(302).Headers["Location"], StringComparison.Ordinal);

        // A form of another browser changes nothing, and new codes on paper end the old.
        var security = (await holder.Browser.Open("/identity/security")).Must(200);
        (await elsewhere.Press(security, "/identity/security/authenticator/removal")).Must(302);
        var renewed = (await holder.Browser.Press(security, "/identity/security/recovery-codes")).Must(200);
        Assert.Empty(Paper().Matches(renewed.Text).Select(m => m.Groups[1].Value).Intersect(holder.Paper));
        var browser = new Browser(Platform);
        (await browser.Press(await Ask(browser, holder), "/identity/second-factor", ("code", holder.Paper[0]))).Must(422);

        (await holder.Browser.Press(await holder.Browser.Open("/identity/security"), "/identity/security/authenticator/removal")).Must(302);
        Assert.Equal("/newsroom", (await new Browser(Platform).SignIn(person.Name, Staff.Password)).Must(302).Headers["Location"]);
    }

    [Fact]
    public async Task An_administrator_helps_whoever_lost_everything_but_not_themselves()
    {
        var holder = await SetUp(Platform);
        var admin = Platform.As(Account.Admin);
        var accounts = (await admin.Send(HttpMethod.Get, "/identity/accounts")).Must(200)["items"].EnumerateArray().ToArray();
        Assert.True(accounts.Single(a => a.GetProperty("id").GetGuid() == holder.Person.Id).GetProperty("hasSecondFactor").GetBoolean());
        var own = accounts.Single(a => a.GetProperty("userName").GetString() == "admin").GetProperty("id").GetGuid();
        (await admin.Send(HttpMethod.Delete, $"/identity/accounts/{own}/second-factor")).MustBe(403, "account.own");
        (await admin.Send(HttpMethod.Delete, $"/identity/accounts/{Guid.NewGuid()}/second-factor")).MustBe(404, "account.unknown");
        (await admin.Send(HttpMethod.Delete, $"/identity/accounts/{holder.Person.Id}/second-factor")).Must(200);
        Assert.Equal("/newsroom", (await new Browser(Platform).SignIn(holder.Person.Name, Staff.Password)).Must(302).Headers["Location"]);
    }

    [Fact]
    public async Task Where_it_is_required_nobody_gets_a_token_without()
    {
        var strict = await Platform.Add(Services.Identity, ("Identity__SecondFactor", "required"));
        var person = await Staff.Join(Platform, Platform.As(Account.Admin));
        var browser = new Browser(Platform, strict);
        var signedIn = (await browser.SignIn(person.Name, Staff.Password, (await browser.Open(browser.Authorize())).Must(302).Headers["Location"])).Must(302);
        Assert.StartsWith("/identity/security?returnUrl=", signedIn.Headers["Location"], StringComparison.Ordinal);
        Assert.StartsWith("/identity/security?returnUrl=", (await browser.Open(browser.Authorize())).Must(302).Headers["Location"], StringComparison.Ordinal);
        Assert.Contains("error=login_required", (await browser.Open(browser.Authorize(("prompt", "none")))).Must(302).Headers["Location"], StringComparison.Ordinal);

        var security = await browser.Follow(signedIn);
        Assert.DoesNotContain("/removal", security.Text, StringComparison.Ordinal);
        var offer = (await browser.Press(security, "/identity/security/authenticator/offer")).Must(200);
        var done = (await browser.Press(offer, "/identity/security/authenticator", ("code", Code(Secret().Match(offer.Text).Groups[1].Value, DateTimeOffset.UtcNow)))).Must(200);
        Assert.Contains("href=\"/connect/authorize?", done.Text, StringComparison.Ordinal);
        Assert.Contains("mfa", new Microsoft.IdentityModel.JsonWebTokens.JsonWebToken(await browser.Token()).Claims.Where(c => c.Type == "amr").Select(c => c.Value));
        (await browser.Press(await browser.Open("/identity/security"), "/identity/security/authenticator/removal")).Must(302);
        Assert.Contains("mfa", new Microsoft.IdentityModel.JsonWebTokens.JsonWebToken(await browser.Token()).Claims.Where(c => c.Type == "amr").Select(c => c.Value));
        await strict.Kill();
    }
}
