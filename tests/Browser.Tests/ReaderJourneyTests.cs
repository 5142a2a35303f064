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

        await page.Enter("After the third winter");
        Assert.EndsWith($"/news/{Newsstand.Full}", page.Url, StringComparison.Ordinal);

        await page.Enter(german ? "Per E-Mail" : "Sign up by mail");
        await page.Reach(german ? "Ihre E-Mail-Adresse" : "Your email address");
        await page.Keyboard.TypeAsync(reader);
        await page.Follow(() => page.Keyboard.PressAsync("Enter"));
        Assert.Equal(german ? "Bitte sehen Sie in Ihr Postfach" : "Please check your email", await Heading(page));

        await page.GotoAsync((await Newsstand.Mail(reader, german ? "bestätigen" : "confirm")).ToString());
        await page.Enter("/subscribe/confirm/");
        await page.Enter(german ? "Ja, schicken Sie mir die Nachrichten" : "Yes, send me the news");
        Assert.Equal(german ? "Sie sind angemeldet" : "You are subscribed", await Heading(page));

        var headline = Draft.Headline("The path is open");
        await Newsstand.Publish(Draft.Minimal(headline, edition));
        await page.GotoAsync((await Newsstand.Mail(reader, headline)).ToString());
        var mail = page.Url;
        await page.Enter("/news/");
        Assert.Equal(headline, await Heading(page));

        await page.GotoAsync(mail);
        // The link in the text; the headers above it have none.
        await page.Enter("/u/");
        await page.Enter(german ? "Abmelden" : "Unsubscribe");
        Assert.Equal(german ? "Sie sind abgemeldet" : "You have left the list", await Heading(page));
        await page.Context.CloseAsync();
    }

    static Task<string> Heading(IPage page) => page.InnerTextAsync("h1");
}
