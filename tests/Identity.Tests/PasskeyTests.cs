using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Vigil.Identity.Tests;

public sealed partial class PasskeyTests(Named.Shared shared, Installed installed) : IClassFixture<Named.Shared>
{
    internal const string Security = "/identity/security", Offer = "/identity/security/passkeys/offer", Adding = "/identity/security/passkeys", Removal = "/identity/security/passkeys/removal";
    internal const string Using = "/identity/second-factor/passkey";

    static int _network;

    Named Named => shared.Named;
    Platform Platform => Named.Platform;

    [GeneratedRegex("data-options=\"([^\"]*)\"")]
    private static partial Regex Asked();

    [GeneratedRegex("<li>([a-z2-7]{5}-[a-z2-7]{5})</li>")]
    private static partial Regex Paper();

    [GeneratedRegex("name=\"passkey\" value=\"([^\"]*)\"")]
    private static partial Regex Listed();

    internal static JsonElement Options(Reply page) => JsonSerializer.Deserialize<JsonElement>(WebUtility.HtmlDecode(Asked().Match(page.Text).Groups[1].Value));

    internal static string Origin(Platform platform) => $"http://localhost:{platform[Services.Identity].Port}";

    internal static SoftwareKey Key(Platform platform, uint count = 1) => new(Origin(platform), "localhost", count);

    /// <summary>From a network of its own, so that one test's mistakes are no other's.</summary>
    internal static Browser Elsewhere(Platform platform, Instance? instance = null)
    {
        var n = Interlocked.Increment(ref _network);
        return new(platform, instance) { Says = [("X-Forwarded-For", $"203.0.{n / 250}.{n % 250}")] };
    }

    internal sealed record Holder(Staff Person, Browser Browser, SoftwareKey Key, IReadOnlyList<string> Paper);

    internal static Task<(Staff Person, Browser Browser)> SignedIn(Platform platform, params string[] roles) => SignedIn(platform, null, roles);

    static async Task<(Staff Person, Browser Browser)> SignedIn(Platform platform, Instance? instance, params string[] roles)
    {
        var person = await Staff.Join(platform, platform.As(Account.Admin), roles);
        var browser = Elsewhere(platform, instance);
        (await browser.Follow(await browser.SignIn(person.Name, Staff.Password, $"/identity/sign-in?returnUrl={Security}"))).Must(200);
        return (person, browser);
    }

    static async Task<Reply> Add(Browser browser, SoftwareKey key, string name = "Blue key")
    {
        var page = (await browser.Press(await browser.Open(Security), Offer)).Must(200);
        return await browser.Press(page, Adding, ("name", name), ("credential", key.Create(Options(page)).ToJsonString()));
    }

    internal static async Task<Holder> SetUp(Platform platform, uint count = 1, params string[] roles)
    {
        var ((person, browser), key) = (await SignedIn(platform, roles), Key(platform, count));
        var shown = (await Add(browser, key)).Must(200);
        return new(person, browser, key, [.. Paper().Matches(shown.Text).Select(m => m.Groups[1].Value)]);
    }

    internal static async Task<Reply> Ask(Browser browser, Staff person)
    {
        var page = (await browser.SignIn(person.Name, Staff.Password)).Must(302);
        Assert.StartsWith("/identity/second-factor", page.Headers["Location"], StringComparison.Ordinal);
        return (await browser.Open(page.Headers["Location"])).Must(200);
    }

    internal static Task<Reply> Use(Browser browser, Reply page, JsonObject credential, string at = Using) => browser.Press(page, at, ("credential", credential.ToJsonString()));

    static async Task<IEnumerable<string>> Methods(Browser browser) =>
        new Microsoft.IdentityModel.JsonWebTokens.JsonWebToken(await browser.Token()).Claims.Where(c => c.Type == "amr").Select(c => c.Value).Order();

    async Task<bool> HasSecondFactor(Staff person) =>
        (await Platform.As(Account.Admin).Send(HttpMethod.Get, "/identity/accounts")).Must(200)["items"].EnumerateArray().Single(a => a.GetProperty("id").GetGuid() == person.Id).GetProperty("hasSecondFactor").GetBoolean();

    [Fact]
    public async Task Passkeys_are_added_listed_used_and_removed()
    {
        var (person, browser) = await SignedIn(Platform);
        var elsewhere = Elsewhere(Platform);
        (await elsewhere.SignIn(person.Name, Staff.Password)).Must(302);
        using var key = Key(Platform);
        var page = (await browser.Press(await browser.Open(Security), Offer)).Must(200);
        var options = Options(page);
        Assert.Equal("localhost", options.GetProperty("rp").GetProperty("id").GetString());
        Assert.Equal("none", options.GetProperty("attestation").GetString());
        Assert.Equal(("required", "discouraged"), (options.GetProperty("authenticatorSelection").GetProperty("userVerification").GetString(), options.GetProperty("authenticatorSelection").GetProperty("residentKey").GetString()));

        // The first shows codes on paper, and ends what was signed in elsewhere.
        var shown = (await browser.Press(page, Adding, ("name", " Blue <key> "), ("credential", key.Create(options).ToJsonString()))).Must(200);
        var paper = Paper().Matches(shown.Text).Select(m => m.Groups[1].Value).ToArray();
        Assert.Equal(10, paper.Distinct().Count());
        Assert.StartsWith("/identity/sign-in", (await elsewhere.Open(Security)).Must(302).Headers["Location"], StringComparison.Ordinal);
        Assert.True(await HasSecondFactor(person));
        var security = (await browser.Open(Security)).Must(200);
        Assert.Contains("Blue &lt;key&gt;", security.Text, StringComparison.Ordinal);
        Assert.Contains("not used yet", security.Text, StringComparison.Ordinal);

        // Another one does not: they are still good. One that is there is not added again.
        using var other = Key(Platform, count: 0);
        Assert.StartsWith(Security, (await Add(browser, other, "Telephone")).Must(302).Headers["Location"], StringComparison.Ordinal);
        (await Add(browser, key)).Must(422);

        foreach (var (one, at) in new[] { (key, Using), (other, new Uri(Named.Both[1].Url, Using).ToString()) })
        {
            var next = Elsewhere(Platform);
            var asked = await Ask(next, person);
            Assert.Equal(2, Options(asked).GetProperty("allowCredentials").GetArrayLength());
            // The password alone opens nothing, and not the page where passkeys are kept.
            Assert.StartsWith("/identity/sign-in", (await next.Open(Security)).Must(302).Headers["Location"], StringComparison.Ordinal);
            Assert.Equal("/newsroom", (await Use(next, asked, one.Get(Options(asked)), at)).Must(302).Headers["Location"]);
            Assert.Equal(["mfa", "pop", "pwd"], await Methods(next));
            (await next.Open(Security)).Must(200);
        }
        var coded = Elsewhere(Platform);
        (await coded.Press(await Ask(coded, person), "/identity/second-factor", ("code", paper[0]))).Must(302);
        Assert.Equal(["mfa", "otp", "pwd"], await Methods(coded));

        security = (await browser.Open(Security)).Must(200);
        Assert.DoesNotContain("not used yet", security.Text, StringComparison.Ordinal);
        // A form of another browser removes nothing.
        (await Elsewhere(Platform).Press(security, Removal)).Must(302);
        foreach (var left in new[] { 1, 0 })
        {
            (await browser.Press(await browser.Open(Security), Removal)).Must(302);
            Assert.Equal(left, Listed().Count((await browser.Open(Security)).Must(200).Text));
        }
        Assert.False(await HasSecondFactor(person));
        Assert.Equal([0], await Platform.Query<int>("select cardinality(\"RecoveryCodes\") from identity.\"Accounts\" where \"Id\" = $1", person.Id));
        Assert.Equal("/newsroom", (await Elsewhere(Platform).SignIn(person.Name, Staff.Password)).Must(302).Headers["Location"]);
    }

    [Theory, InlineData(1), InlineData(0)]
    public async Task A_challenge_counts_once_on_however_many_instances(uint count)
    {
        var holder = await SetUp(Platform, count);
        var browser = Elsewhere(Platform);
        var page = await Ask(browser, holder.Person);
        var credential = holder.Key.Get(Options(page));
        // As whoever copied everything that the browser had.
        var answers = await Task.WhenAll(Named.Both.Select(async instance =>
        {
            var copy = Elsewhere(Platform);
            foreach (var (name, value) in browser.Cookies) copy.Cookies[name] = value;
            return await Use(copy, page, credential, new Uri(instance.Url, Using).ToString());
        }));
        Assert.Equal([302, 422], answers.Select(a => a.Status).Order());
        (await Use(browser, page, credential)).Must(422);
        // Nor does it with another signature, nor one from before it.
        (await Use(browser, page, holder.Key.Get(Options(page)))).Must(422);
    }

    [Fact]
    public async Task A_counter_that_goes_back_is_refused_and_said_without_the_key()
    {
        var holder = await SetUp(Platform, count: 5);
        foreach (var (count, status) in new[] { (7u, 302), (7u, 422), (3u, 422), (0u, 422), (8u, 302) })
        {
            var browser = Elsewhere(Platform);
            var page = await Ask(browser, holder.Person);
            holder.Key.Count = count == 0 ? 0 : count - 1;
            (await Use(browser, page, holder.Key.Get(Options(page)))).Must(status);
        }
        var said = Named.Both.SelectMany(i => i.Log).Where(l => l.Contains(holder.Person.Id.ToString(), StringComparison.Ordinal)).ToArray();
        Assert.Equal(3, said.Count(l => l.Contains("The counter of a passkey went back", StringComparison.Ordinal)));
        Assert.DoesNotContain(said, l => l.Contains(SoftwareKey.Text(holder.Key.Id), StringComparison.Ordinal) || l.Contains("Blue key", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Wrong_passkeys_and_wrong_codes_are_counted_together()
    {
        var holder = await SetUp(Platform);
        var browser = Elsewhere(Platform);
        // The password was a try, too, which is not forgotten before the second step.
        var page = await Ask(browser, holder.Person);
        page = (await Use(browser, page, new JsonObject())).Must(422);
        (await browser.Press(page, "/identity/second-factor", ("code", "aaaaa-aaaaa"))).Must(422);
        (await Use(browser, page, holder.Key.Get(Options(page)))).Must(422);
        (await browser.Press(page, "/identity/second-factor", ("code", holder.Paper[0]))).Must(422);
        // Who comes from elsewhere comes in.
        var elsewhere = Elsewhere(Platform);
        page = await Ask(elsewhere, holder.Person);
        (await Use(elsewhere, page, holder.Key.Get(Options(page)))).Must(302);
    }

    [Fact]
    public async Task A_challenge_that_is_too_old_and_a_body_that_is_too_large_are_refused()
    {
        var hasty = await Platform.Add(Services.Identity, ("Identity__Passkeys__ChallengeLifetime", "00:00:02"));
        var (person, browser) = await SignedIn(Platform, hasty);
        using var key = Key(Platform);
        var page = (await browser.Press(await browser.Open(Security), Offer)).Must(200);
        (await browser.Press(page, Adding, ("name", "Key"), ("credential", new string('x', 9000)))).MustBe(413, "request.too-large");
        await Task.Delay(TimeSpan.FromSeconds(2.1), TestContext.Current.CancellationToken);
        page = (await browser.Press(page, Adding, ("name", "Key"), ("credential", key.Create(Options(page)).ToJsonString()))).Must(422);
        Assert.Contains("the page had been open too long", page.Text, StringComparison.Ordinal);
        await Wait.Until(async () => await browser.Press(page, Adding, ("name", "Key"), ("credential", key.Create(Options(page)).ToJsonString())), r => (page = r).Status == 200, "an answer in time");

        var next = Elsewhere(Platform, hasty);
        page = await Ask(next, person);
        await Task.Delay(TimeSpan.FromSeconds(2.1), TestContext.Current.CancellationToken);
        page = (await Use(next, page, key.Get(Options(page)))).Must(422);
        Assert.Contains("the page had been open too long", page.Text, StringComparison.Ordinal);
        await hasty.Kill();
    }

    [Fact]
    public async Task Where_a_second_factor_is_required_a_passkey_is_one_and_the_last_stays()
    {
        var strict = await Platform.Add(Services.Identity, ("Identity__SecondFactor", "required"));
        var person = await Staff.Join(Platform, Platform.As(Account.Admin));
        var browser = Elsewhere(Platform, strict);
        var security = await browser.Follow(await browser.SignIn(person.Name, Staff.Password, (await browser.Open(browser.Authorize())).Must(302).Headers["Location"]));
        using var key = Key(Platform);
        var page = (await browser.Press(security.Must(200), Offer)).Must(200);
        var shown = (await browser.Press(page, Adding, ("name", "Key 1"), ("credential", key.Create(Options(page)).ToJsonString()))).Must(200);
        Assert.Contains("href=\"/connect/authorize?", shown.Text, StringComparison.Ordinal);
        Assert.Equal(["mfa", "pop", "pwd"], await Methods(browser));

        var kept = (await browser.Press(await browser.Open(Security), Removal)).Must(422);
        Assert.Contains("Set up another one first", kept.Text, StringComparison.Ordinal);
        Assert.Equal(1, Listed().Count(kept.Text));
        List<SoftwareKey> more = [.. Enumerable.Range(2, 9).Select(_ => Key(Platform))];
        foreach (var (i, one) in more.Index()) (await Add(browser, one, $"Key {i + 2}")).Must(302);
        Assert.Contains("You have 10 passkeys", (await browser.Press(await browser.Open(Security), Offer)).Must(422).Text, StringComparison.Ordinal);
        (await browser.Press(await browser.Open(Security), Removal)).Must(302);
        Assert.Equal(9, Listed().Count((await browser.Open(Security)).Must(200).Text));
        more.ForEach(k => k.Dispose());
        await strict.Kill();
    }

    [Fact]
    public async Task An_administrator_who_came_in_by_a_passkey_removes_those_of_whoever_lost_them()
    {
        var (lost, helper) = (await SetUp(Platform), await SetUp(Platform, 1, "admin"));
        var browser = Elsewhere(Platform);
        var page = await Ask(browser, helper.Person);
        (await Use(browser, page, helper.Key.Get(Options(page)))).Must(302);
        var removed = (await Platform.As(await browser.Token()).Send(HttpMethod.Delete, $"/identity/accounts/{lost.Person.Id}/second-factor")).Must(200);
        Assert.False(removed["hasSecondFactor"].GetBoolean());
        Assert.Empty(await Platform.Query<string>("select \"Name\" from identity.\"Passkeys\" where \"AccountId\" = $1", lost.Person.Id));
        Assert.Equal("/newsroom", (await Elsewhere(Platform).SignIn(lost.Person.Name, Staff.Password)).Must(302).Headers["Location"]);
        Assert.StartsWith("/identity/sign-in", (await lost.Browser.Open(Security)).Must(302).Headers["Location"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_pages_that_need_the_script_have_it_and_it_is_the_one_they_name()
    {
        var (_, browser) = await SignedIn(Platform);
        var security = await browser.Open(Security);
        Assert.DoesNotContain("script", security.Headers["Content-Security-Policy"] + security.Text, StringComparison.Ordinal);
        var page = (await browser.Press(security, Offer)).Must(200);
        Assert.Contains("; script-src 'self'; require-trusted-types-for 'script'", page.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        var named = Regex.Match(page.Text, "<script src=\"([^\"]+)\" integrity=\"([^\"]+)\" defer></script>");
        var script = (await browser.Open(named.Groups[1].Value)).Must(200);
        Assert.StartsWith("text/javascript", script.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.Equal($"sha256-{Convert.ToBase64String(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(script.Text)))}", WebUtility.HtmlDecode(named.Groups[2].Value));
        // Without it the page says what is missing, and shows nothing that does not work.
        Assert.Matches("<form [^>]*data-passkey[^>]* hidden>", page.Text);
        Assert.Contains("Passkeys need script", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task At_an_address_that_is_a_number_there_are_none_and_the_page_says_so()
    {
        var (_, browser) = await SignedIn(installed.Platform);
        var security = await browser.Open(Security);
        Assert.Contains("the address of this newsroom is a number", security.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Offer, security.Text, StringComparison.Ordinal);
        Assert.StartsWith("/identity/sign-in", (await browser.Press(security, Offer)).Must(302).Headers["Location"], StringComparison.Ordinal);
    }
}
