namespace Vigil.Browser;

/// <summary>A page and how one comes to it.</summary>
public sealed record Visit(string Name, Func<Newsstand, IPage, Task<IResponse?>> Open, string Language = "en", int Status = 200, bool HasScript = false)
{
    const string Twin = "-de";

    public bool IsForStaff { get; init; }

    /// <summary>Its words are others, and its edition's colours.</summary>
    public bool HasEnglishTwin => Name.EndsWith(Twin, StringComparison.Ordinal) && All.ContainsKey(Name[..^Twin.Length]);

    static IEnumerable<Visit> OfReaders() =>
    [
        At("front", "au", "/"), At("front-de", "de", "/"),
        At("news", "au", "/news"), At("news-de", "de", "/news"),
        new Visit("news-older", async (newsstand, page) =>
        {
            await page.GotoAsync(newsstand.Address("au", "/news"));
            return await page.GotoAsync(new Uri(new Uri(page.Url), await page.GetAttributeAsync("[rel=next]", "href")).ToString());
        }),
        At("story-full", "au", $"/news/{Newsstand.Full}"), At("story-full-de", "de", $"/news/{Newsstand.Full}"), At("story-german", "de", $"/news/{Newsstand.German}"),
        At("story-minimal", "au", $"/news/{Newsstand.Minimal}"), At("story-arabic", "au", $"/news/{Newsstand.Arabic}"), At("story-farsi", "de", $"/news/{Newsstand.Farsi}"),
        At("story-corrected", "au", $"/news/{Newsstand.Corrected}"), At("story-corrected-de", "de", $"/news/{Newsstand.Corrected}"), At("story-corrected-arabic", "au", $"/news/{Newsstand.CorrectedArabic}"),
        At("story-retracted", "au", $"/news/{Newsstand.Retracted}"), At("story-retracted-de", "de", $"/news/{Newsstand.Retracted}"),
        At("corrections", "au", "/corrections"), At("corrections-de", "de", "/corrections"),
        At("countries", "au", "/countries"), At("countries-de", "de", "/countries"),
        At("country", "au", "/countries/north-korea"), At("country-arabic", "au", "/countries/syria"), At("country-empty", "au", "/countries/norway"),
        At("topic", "au", "/topics/families"), At("topic-de", "de", "/topics/uberleben"),
        At("not-found", "au", "/news/nowhere") with { Status = 404 }, At("not-found-de", "de", "/news/nirgends") with { Status = 404 },
        At("gone", "au", $"/news/{Newsstand.Removed}") with { Status = 410 },
        At("subscribe", "au", "/subscribe"), At("subscribe-de", "de", "/subscribe"),
        Form("subscribe-refused", "au", "/subscribe", ("#email", "reader@nowhere")) with { Status = 422 },
        Form("subscribe-refused-de", "de", "/subscribe", ("#email", "leserin@nirgends")) with { Status = 422 },
        Form("subscribe-done", "au", "/subscribe", ("#email", "reader@example.org")),
        new Visit("confirm", async (newsstand, page) => await page.GotoAsync(await newsstand.Confirmation())),
        new Visit("confirm-done", async (newsstand, page) =>
        {
            await page.GotoAsync(await newsstand.Confirmation());
            return await Press(page, "main button");
        }),
        At("confirm-unknown", "au", "/subscribe/confirm/nothing") with { Status = 404 },
        At("unsubscribe", "au", "/u/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), At("unsubscribe-de", "de", "/u/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
        Form("unsubscribe-done", "au", "/u/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
    ];

    static IEnumerable<Visit> OfStaff() =>
    [
        new Visit("mail-list", async (newsstand, page) =>
        {
            await newsstand.Confirmation();
            return await page.GotoAsync(newsstand.Address(null, "/development/mail"));
        }),
        new Visit("mail", async (newsstand, page) => await page.GotoAsync((await newsstand.MailWithConfirmation()).ToString())),
        At("sign-in", null, "/identity/sign-in"),
        Form("sign-in-refused", null, "/identity/sign-in", ("#userName", "nobody"), ("#password", "not the right password")) with { Status = 422 },
        new Visit("invitation", async (newsstand, page) => await page.GotoAsync(await newsstand.Invitation())),
        new Visit("invitation-refused", async (newsstand, page) =>
        {
            await page.GotoAsync(await newsstand.Invitation());
            await page.FillAsync("#password", "a long enough password");
            await page.FillAsync("#repeated", "another long password");
            return await Press(page, "main button");
        }, Status: 422),
        At("invitation-spent", null, "/identity/invitation?account=x&token=y") with { Status = 404 },
        At("sign-out", null, "/identity/sign-out"),
        new Visit("second-factor", async (newsstand, page) => await SignIn(newsstand, page, (await newsstand.Holder()).Name, Staff.Password)),
        new Visit("second-factor-refused", async (newsstand, page) =>
        {
            await SignIn(newsstand, page, (await newsstand.Holder()).Name, Staff.Password);
            await page.FillAsync("#code", "aaaaa-aaaaa");
            return await Press(page, "main button");
        }, Status: 422),
        new Visit("security", (newsstand, page) => SignIn(newsstand, page, "editor2", Platform.DemonstrationPassword)),
        new Visit("authenticator", async (newsstand, page) =>
        {
            await SignIn(newsstand, page, "editor2", Platform.DemonstrationPassword);
            return await Press(page, "main button");
        }),
        new Visit("second-factor-passkey", async (newsstand, page) => await SignIn(newsstand, page, (await newsstand.Keeper()).Person.Name, Staff.Password), HasScript: true),
        new Visit("second-factor-passkey-refused", async (newsstand, page) =>
        {
            await SignIn(newsstand, page, (await newsstand.Keeper()).Person.Name, Staff.Password);
            return await Send(page, "/identity/second-factor/passkey");
        }, Status: 422, HasScript: true),
        new Visit("security-passkeys", async (newsstand, page) =>
        {
            var (person, code) = await newsstand.Keeper();
            await SignIn(newsstand, page, person.Name, Staff.Password);
            await page.FillAsync("#code", code);
            return await Press(page, "[action='/identity/second-factor'] button");
        }),
        new Visit("passkey", (newsstand, page) => AddPasskey(newsstand, page), HasScript: true),
        new Visit("passkey-refused", async (newsstand, page) =>
        {
            await AddPasskey(newsstand, page);
            return await Send(page, "/identity/security/passkeys");
        }, Status: 422, HasScript: true),
        At("session-sign-out", null, "/newsroom/session/sign-out"),
        At("session-signed-out", null, "/newsroom/session/signed-out"),
        At("session-refused", null, "/newsroom/session/callback") with { Status = 400 },
        Desk("newsroom-desk", "editor", _ => "/newsroom"),
        Desk("newsroom-desk-empty", "writer", _ => "/newsroom?work=changes-requested&release=taken-down"),
        Desk("newsroom-live", "editor", n => $"/newsroom/articles/{n.Live}"),
        Desk("newsroom-review", "editor", n => $"/newsroom/articles/{n.InReview}"),
        Desk("newsroom-publish", "editor", n => $"/newsroom/articles/{n.Approved}/publication"),
        Desk("newsroom-takedown", "duty", n => $"/newsroom/articles/{n.Live}/takedown"),
        Desk("newsroom-refused", "editor", n => $"/newsroom/articles/{n.InReview}/changes-request", 422, page => page.FillAsync("#note", new string('n', 2001))),
        Desk("newsroom-edit", "writer", n => $"/newsroom/articles/{n.Live}/edit"),
        Desk("newsroom-edit-refused", "writer", n => $"/newsroom/articles/{n.Live}/edit", 422, async page =>
        {
            foreach (var (field, text) in new[] { ("headline", new string('h', 201)), ("language", "klingon"), ("countries", "KP, XX"), ("quotations[1].text", ""), ("related[0].url", "example.org/no-scheme") })
                await page.FillAsync($"[name=\"{field}\"]", text);
        }),
        Desk("newsroom-edit-overtaken", "writer", n => $"/newsroom/articles/{n.Contested}/edit", 412, page => page.FillAsync("#headline", "What I had typed"), newsstand => newsstand.Overtake()),
        Desk("dark", "duty", _ => "/newsroom/dark"),
        Desk("dark-refused", "duty", _ => "/newsroom/dark", 422, page => page.FillAsync("#address", "a story of words")),
        Desk("newsroom-forbidden", "duty", _ => "/newsroom/articles/new", 403),
    ];

    /// <summary>Those in one language after the other, which have sites of their own.</summary>
    public static IReadOnlyDictionary<string, Visit> All { get; } = OfReaders().OrderBy(v => v.Language).Concat(OfStaff().Select(v => v with { IsForStaff = true })).ToDictionary(v => v.Name);

    static Visit At(string name, string? edition, string path) =>
        new(name, async (newsstand, page) => await page.GotoAsync(newsstand.Address(edition, path)), edition == "de" ? "de" : "en");

    static Visit Form(string name, string? edition, string path, params (string Field, string Text)[] fields) => At(name, edition, path) with
    {
        Open = async (newsstand, page) =>
        {
            await page.GotoAsync(newsstand.Address(edition, path));
            foreach (var (field, text) in fields) await page.FillAsync(field, text);
            return await Press(page, "main button");
        },
    };

    static async Task<IResponse?> SignIn(Newsstand newsstand, IPage page, string name, string password)
    {
        await page.GotoAsync(newsstand.Address(null, "/identity/sign-in?returnUrl=/identity/security"));
        await page.FillAsync("#userName", name);
        await page.FillAsync("#password", password);
        return await Press(page, "main button");
    }

    static async Task<IResponse?> AddPasskey(Newsstand newsstand, IPage page)
    {
        await SignIn(newsstand, page, "editor2", Platform.DemonstrationPassword);
        return await Press(page, "[action='/identity/security/passkeys/offer'] button");
    }

    /// <summary>A form that is hidden where there is no script.</summary>
    static async Task<IResponse?> Send(IPage page, string action) => await page.Follow(() => page.EvaluateAsync($"() => document.querySelector('[action=\"{action}\"]').submit()"));

    /// <summary>A page of the newsroom as an account sees it, or what comes of its form once that is filled in.</summary>
    static Visit Desk(string name, string account, Func<Newsstand, string> path, int status = 200, Func<IPage, Task>? fill = null, Func<Newsstand, Task>? meanwhile = null) => new(name, async (newsstand, page) =>
    {
        await newsstand.SignIn(page, account);
        var opened = await page.GotoAsync(newsstand.Address(null, path(newsstand)));
        if (fill is null) return opened;
        await fill(page);
        if (meanwhile is not null) await meanwhile(newsstand);
        return await Press(page, "main form button:not(.small)");
    }, Status: status);

    static async Task<IResponse?> Press(IPage page, string button)
    {
        await page.FocusAsync(button);
        return await page.Follow(() => page.Keyboard.PressAsync("Enter"));
    }
}

public static class Following
{
    /// <summary>Does what leads to another page, and waits until that is there.</summary>
    public static async Task<IResponse> Follow(this IPage page, Func<Task> go)
    {
        var loaded = new TaskCompletionSource();
        void Loaded(object? sender, IPage e) => loaded.TrySetResult();
        page.Load += Loaded;
        var response = await page.RunAndWaitForResponseAsync(go, r => r.Request.IsNavigationRequest && r.Status is < 300 or >= 400);
        await loaded.Task.WaitAsync(TimeSpan.FromSeconds(15));
        page.Load -= Loaded;
        return response;
    }

    /// <summary>By keyboard alone.</summary>
    public static async Task Enter(this IPage page, string words)
    {
        await page.Reach(words);
        await page.Follow(() => page.Keyboard.PressAsync("Enter"));
    }

    /// <summary>Tabs until what has these words, or is labelled with them, has the focus.</summary>
    public static async Task Reach(this IPage page, string words)
    {
        for (var i = 0; i < 100; i++)
        {
            var named = await page.EvaluateAsync<string>("() => document.activeElement === document.body ? '' : [...document.activeElement.labels ?? []].map(l => l.textContent).join() + document.activeElement.textContent");
            if (named.Contains(words, StringComparison.Ordinal) && named.Length < 400) return;
            await page.Keyboard.PressAsync("Tab");
        }
        Assert.Fail($"No amount of tabbing reaches “{words}” at {page.Url}.");
    }
}
