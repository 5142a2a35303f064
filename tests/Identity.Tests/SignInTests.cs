using System.Text.RegularExpressions;

namespace Vigil.Identity.Tests;

public sealed partial class SignInTests(Installed installed)
{
    Platform Platform => installed.Platform;

    Browser Browser() => new(Platform);

    // What differs from one page to the next whoever signs in.
    [GeneratedRegex("name=\"form\" value=\"[^\"]*\"")]
    private static partial Regex Proof();

    static string Shown(Reply page) => $"{page.Status} {Proof().Replace(page.Text, "")}";

    [Fact]
    public async Task A_person_signs_in_and_gets_a_token()
    {
        var browser = Browser();
        var answer = (await browser.Exchange(await browser.Code("writer"))).Must(200);
        Assert.Equal("Bearer", answer["token_type"].GetString());
        Assert.True(answer.Body.TryGetProperty("id_token", out _));
        Assert.False(answer.Body.TryGetProperty("refresh_token", out _));
        Assert.Contains("no-store", answer.Headers["Cache-Control"], StringComparison.Ordinal);
        // Who is signed in already is not asked again.
        Assert.StartsWith(Installed.Redirect, (await browser.Open(browser.Authorize())).Must(302).Headers["Location"], StringComparison.Ordinal);
        Assert.StartsWith("/identity/sign-in", (await browser.Open(browser.Authorize(("prompt", "login")))).Must(302).Headers["Location"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_is_a_plain_form_that_nothing_keeps_or_frames()
    {
        var page = (await Browser().Open("/identity/sign-in")).Must(200);
        Assert.DoesNotContain("<script", page.Text, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("autocomplete=\"current-password\"", page.Text, StringComparison.Ordinal);
        Assert.Equal("no-store", page.Headers["Cache-Control"]);
        Assert.Contains("frame-ancestors 'none'", page.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Matches("(?i)httponly", page.Headers["Set-Cookie"]);
        Assert.Matches("(?i)samesite=strict", page.Headers["Set-Cookie"]);
        var cookie = (await Browser().SignIn("duty")).Must(302).Headers["Set-Cookie"];
        Assert.Matches("(?i)vigil-session=.*httponly", cookie);
        Assert.Matches("(?i)vigil-session=.*samesite=lax", cookie);
    }

    [Fact]
    public async Task Wrong_unknown_disabled_and_passwordless_cannot_be_told_apart()
    {
        var admin = Platform.As(Account.Admin);
        var (disabled, invited) = (await Staff.Join(Platform, admin), await Staff.Invite(admin));
        (await admin.Send(HttpMethod.Delete, $"/identity/accounts/{disabled.Id}/access")).Must(200);
        var answers = new List<string>();
        foreach (var (name, password) in new[]
        {
            ("editor2", "not the password at all"), ("nobody-here", Installed.Password), (disabled.Name, Staff.Password), (invited.Name, Staff.Password), ("NOT A NAME!", Installed.Password), ("", ""),
            ("editor2", new string('a', 300)),
        })
        {
            var answer = (await Browser().SignIn(name, password)).Must(422);
            answers.Add(Shown(answer).Replace($"value=\"{name}\"", "value=\"\"", StringComparison.Ordinal).Replace(" autofocus", "", StringComparison.Ordinal));
            Assert.DoesNotContain("vigil-session", answer.Headers.GetValueOrDefault("Set-Cookie") ?? "", StringComparison.Ordinal);
        }
        Assert.Single(answers.Distinct());
        Assert.DoesNotContain(Platform[Services.Identity].Log, l => l.Contains("nobody-here", StringComparison.Ordinal) || l.Contains("not the password", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Too_many_tries_are_paused_where_they_come_from_and_nowhere_else()
    {
        var person = await Staff.Join(Platform, Platform.As(Account.Admin));
        async Task<Reply> From(string address, string password)
        {
            var browser = Browser();
            browser.Says = [("X-Forwarded-For", address)];
            return await browser.SignIn(person.Name, password);
        }
        // All at once: they get no more guesses than in a row.
        var wrong = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => From("203.0.113.7", "wrong wrong wrong")));
        Assert.All(wrong, answer => Assert.Equal(422, answer.Status));
        Assert.Equal(3, (await Platform.Query<int>("select \"Count\" from identity.\"Tries\" where \"Id\" = sha256(convert_to($1, 'UTF8'))", $"{person.Id} 203.0.113.7"))[0]);
        var paused = (await From("203.0.113.7", Staff.Password)).Must(422);
        Assert.Equal(Shown(wrong[0]), Shown(paused));
        // Whom the account belongs to is not kept out by a stranger, and no network gets fresh guesses by another address of its own.
        (await From("198.51.100.1", Staff.Password)).Must(302);
        for (var i = 0; i < 3; i++) (await From($"2001:db8::{i}", "wrong wrong wrong")).Must(422);
        (await From("2001:db8::ffff", Staff.Password)).Must(422);
        await Wait.Until(() => From("203.0.113.7", Staff.Password), answer => answer.Status == 302, "the pause over");
        // Nobody's address is kept.
        foreach (var address in new[] { "203.0.113", "2001:db8" }) Assert.Empty(await Platform.TablesWith("identity", address));
    }

    [Fact]
    public async Task A_success_forgets_the_tries_before_it()
    {
        var person = await Staff.Join(Platform, Platform.As(Account.Admin));
        for (var i = 0; i < 3; i++)
        {
            for (var tries = 0; tries < 2; tries++) (await Browser().SignIn(person.Name, "wrong wrong wrong")).Must(422);
            (await Browser().SignIn(person.Name, Staff.Password)).Must(302);
        }
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("~/x")]
    public async Task Nobody_is_sent_elsewhere_after_signing_in(string returnUrl)
    {
        var browser = Browser();
        var page = await browser.Open($"/identity/sign-in?returnUrl={Uri.EscapeDataString(returnUrl)}");
        Assert.DoesNotContain("evil.example", page.Text, StringComparison.Ordinal);
        Assert.Equal("/newsroom", (await browser.Press(page, "/identity/sign-in", ("userName", "duty"), ("password", Installed.Password), ("returnUrl", returnUrl))).Must(302).Headers["Location"]);
    }

    [Fact]
    public async Task A_form_of_another_page_does_not_sign_in_or_out()
    {
        var (browser, other) = (Browser(), Browser());
        var page = await other.Open("/identity/sign-in");
        (await browser.Press(page, "/identity/sign-in", ("userName", "duty"), ("password", Installed.Password))).Must(422);
        (await browser.SignIn("duty")).Must(302);
        (await browser.Press(page, "/identity/sign-out")).Must(302);
        Assert.Contains("code=", (await browser.Open(browser.Authorize())).Must(302).Headers["Location"], StringComparison.Ordinal);
        Assert.Contains("cookies", (await browser.Press(await browser.Open("/identity/sign-out"), "/identity/sign-out")).Must(200).Headers["Clear-Site-Data"], StringComparison.Ordinal);
        Assert.StartsWith("/identity/sign-in", (await browser.Open(browser.Authorize())).Must(302).Headers["Location"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("userName=a%00b&password=x", 400, "request.malformed")]
    [InlineData("user%00Name=a&password=x", 400, "request.malformed")]
    [InlineData("LARGE", 413, "request.too-large")]
    public async Task A_broken_or_large_form_is_refused(string form, int status, string code)
    {
        var body = form == "LARGE" ? $"userName=a&password={new string('a', 9000)}" : form;
        foreach (var path in new[] { "/identity/sign-in", "/identity/invitation", "/connect/token" })
            (await Platform.Send(new(HttpMethod.Post, new Uri(Platform[Services.Identity].Url, path)) { Content = new StringContent(body, null, "application/x-www-form-urlencoded") })).MustBe(status, code);
        (await Browser().Open("/identity/sign-in?returnUrl=%00")).MustBe(400, "request.malformed");
    }
}
