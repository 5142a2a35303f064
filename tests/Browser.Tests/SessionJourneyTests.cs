namespace Vigil.Browser;

/// <summary>Signing in to the newsroom, as a browser really does it.</summary>
public sealed class SessionJourneyTests(Installed installed)
{
    Newsstand Newsstand => installed.Newsstand;

    static async Task SignIn(IPage page, Staff person)
    {
        await page.FillAsync("#userName", person.Name);
        await page.FillAsync("#password", Staff.Password);
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/newsroom");
    }

    [Fact]
    public async Task Somebody_signs_in_works_is_signed_out_by_an_administrator_and_leaves()
    {
        var admin = Newsstand.Platform.As(Account.Admin);
        var person = await Staff.Join(Newsstand.Platform, admin, "writer");
        // No page of the newsroom lets a script ask for anything; what a browser would do if one did is seen here.
        var page = await installed.Chromium.Open(script: true, bypassPolicy: true);
        await page.GotoAsync(Newsstand.Address(null, "/newsroom"));
        Assert.Contains("/identity/sign-in", page.Url, StringComparison.Ordinal);
        await SignIn(page, person);

        // The browser takes the strict cookie over http on its own machine, and shows it to no script.
        var cookie = (await page.Context.CookiesAsync()).Single(c => c.Name == "__Host-session");
        Assert.Equal((true, true, SameSiteAttribute.Strict, "/"), (cookie.Secure, cookie.HttpOnly, cookie.SameSite, cookie.Path));
        Assert.Equal("", await page.EvaluateAsync<string>("() => document.cookie"));
        Assert.Equal(person.Name, await page.EvaluateAsync<string>("async () => (await (await fetch('/newsroom/session')).json()).name"));

        // What a page's script does, with and without its mark.
        var draft = Draft.Minimal("Written in a browser", "au").ToJsonString();
        const string post = "async ([body, mark]) => (await fetch('/api/newsroom/v1/articles', { method: 'POST', body, headers: { 'Content-Type': 'application/json', ...(mark ? { 'X-CSRF': mark } : {}) } })).status";
        Assert.Equal(201, await page.EvaluateAsync<int>(post, new[] { draft, "1" }));
        Assert.Equal(403, await page.EvaluateAsync<int>(post, new[] { draft, "" }));

        // A form and a link of another site: the one does nothing, the other finds the session.
        var evil = await page.Context.NewPageAsync();
        await evil.RouteAsync("http://evil.localhost/**", route => route.FulfillAsync(new()
        {
            ContentType = "text/html", Body = $"<form method=post action=\"{Newsstand.Address(null, "/newsroom/session/sign-out-everywhere")}\"><button>Win a prize</button></form><a href=\"{Newsstand.Address(null, "/newsroom?from=elsewhere")}\">News</a>",
        }));
        await evil.GotoAsync("http://evil.localhost/");
        Assert.Equal(403, (await evil.RunAndWaitForResponseAsync(() => evil.ClickAsync("button"), r => r.Request.IsNavigationRequest)).Status);
        await evil.GotoAsync("http://evil.localhost/");
        await evil.ClickAsync("a");
        await evil.WaitForSelectorAsync("form[action='/newsroom/session/sign-out']");
        Assert.Equal(Newsstand.Address(null, "/newsroom?from=elsewhere"), evil.Url);

        (await admin.Send(HttpMethod.Delete, $"/identity/accounts/{person.Id}/sessions")).Must(200);
        await Wait.Until(() => page.EvaluateAsync<int>("async () => (await fetch('/newsroom/session')).status"), status => status == 401, "the end of the session", TimeSpan.FromSeconds(60));
        await page.GotoAsync(Newsstand.Address(null, "/newsroom"));
        Assert.Contains("/identity/sign-in", page.Url, StringComparison.Ordinal);

        await SignIn(page, person);
        await page.GotoAsync(Newsstand.Address(null, "/newsroom/session/sign-out"));
        await page.ClickAsync("text=Sign out here");
        await page.WaitForURLAsync("**/newsroom/session/signed-out*");
        Assert.Contains("You are signed out", await page.ContentAsync(), StringComparison.Ordinal);
        await page.GotoAsync(Newsstand.Address(null, "/newsroom"));
        Assert.Contains("/identity/sign-in", page.Url, StringComparison.Ordinal);
        await page.Context.CloseAsync();
    }
}
