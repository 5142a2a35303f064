namespace Vigil.Browser;

/// <summary>A reader from the first story to leaving the list, with nothing but a keyboard, and without script.</summary>
public sealed class ReaderJourneyTests(Installed installed)
{
    Newsstand Newsstand => installed.Newsstand;

    [Theory, InlineData("au", 1280), InlineData("de", 360)]
    public async Task A_reader_signs_up_reads_and_leaves_by_keyboard(string edition, int width)
    {
        var reader = $"keyboard-{edition}@example.org";
        var german = edition == "de";
        var page = await installed.Chromium.Open(script: false);
        await new Look(ColorScheme.Light, width).Set(page);
        await page.GotoAsync(Newsstand.Address(edition, "/"));

        await Enter(page, "After the third winter");
        Assert.EndsWith($"/news/{Newsstand.Full}", page.Url, StringComparison.Ordinal);

        await Enter(page, german ? "Per E-Mail" : "Sign up by mail");
        await Reach(page, german ? "Ihre E-Mail-Adresse" : "Your email address");
        await page.Keyboard.TypeAsync(reader);
        await page.Follow(() => page.Keyboard.PressAsync("Enter"));
        Assert.Equal(german ? "Bitte sehen Sie in Ihr Postfach" : "Please check your email", await Heading(page));

        await page.GotoAsync((await Newsstand.Mail(reader, german ? "bestätigen" : "confirm")).ToString());
        await Enter(page, "/subscribe/confirm/");
        await Enter(page, german ? "Ja, schicken Sie mir die Nachrichten" : "Yes, send me the news");
        Assert.Equal(german ? "Sie sind angemeldet" : "You are subscribed", await Heading(page));

        var headline = Draft.Headline("The path is open");
        await Newsstand.Publish(Draft.Minimal(headline, edition));
        await page.GotoAsync((await Newsstand.Mail(reader, headline)).ToString());
        var mail = page.Url;
        await Enter(page, "/news/");
        Assert.Equal(headline, await Heading(page));

        await page.GotoAsync(mail);
        // The link in the text; the headers above it have none.
        await Enter(page, "/u/");
        await Enter(page, german ? "Abmelden" : "Unsubscribe");
        Assert.Equal(german ? "Sie sind abgemeldet" : "You have left the list", await Heading(page));
        await page.Context.CloseAsync();
    }

    static Task<string> Heading(IPage page) => page.InnerTextAsync("h1");

    static async Task Enter(IPage page, string words)
    {
        await Reach(page, words);
        await page.Follow(() => page.Keyboard.PressAsync("Enter"));
    }

    /// <summary>Tabs until what has these words, or is labelled with them, has the focus.</summary>
    static async Task Reach(IPage page, string words)
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
