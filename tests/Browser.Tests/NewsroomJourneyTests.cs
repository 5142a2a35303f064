namespace Vigil.Browser;

/// <summary>A story from the first word to its end, by three people, with nothing but a keyboard, and without script.</summary>
public sealed class NewsroomJourneyTests(Installed installed)
{
    Newsstand Newsstand => installed.Newsstand;

    [Fact]
    public async Task A_story_is_written_approved_published_unpublished_and_taken_down_by_keyboard()
    {
        var headline = Draft.Headline("The lamp in the window");
        var page = await installed.Chromium.Open(script: false);
        await new Look(ColorScheme.Light, 1280).Set(page);
        await Newsstand.SignIn(page, "writer");
        await page.GotoAsync(Newsstand.Address(null, "/newsroom"));
        await page.Enter("New story");
        await page.Reach("Headline");
        await page.Keyboard.TypeAsync(headline);
        await page.Reach("Body");
        await page.Keyboard.TypeAsync("Every evening at six she put the lamp in the window.");
        await page.Enter("Add a quotation");
        await page.Reach("Words");
        await page.Keyboard.TypeAsync("We sang without a sound.");
        await page.Reach("To whom");
        await page.Keyboard.TypeAsync("a woman who was there");
        await page.Enter("Save");
        await Says(page, "Saved.");
        await page.Enter("Submit for review");
        await Says(page, "Submitted for review.");

        await Newsstand.SignIn(page, "editor");
        await page.GotoAsync(Newsstand.Address(null, "/newsroom?work=in-review"));
        await page.Enter(headline);
        await page.Enter("Approve");
        await page.Enter("Publish…");
        await page.Enter("Publish");
        await Says(page, "Published.");
        var story = page.Url;
        await Wait.Until(async () => { await page.GotoAsync(story); return await page.Locator(".places a.live").CountAsync(); }, n => n == 2, "both sites to be live");
        var address = (await page.Locator(".places a.live").First.GetAttributeAsync("href"))!;
        await Public(address, 200);

        await page.Enter("Unpublish…");
        await page.Enter("Unpublish");
        await Says(page, "Unpublished.");
        await Public(address, 404);

        await Newsstand.SignIn(page, "safety");
        await page.GotoAsync(story);
        await page.Enter("Take down for safety…");
        await page.Reach("Reason");
        await page.Keyboard.TypeAsync("A relative was questioned.");
        await page.Enter("Take down for safety");
        await Says(page, "Taken down for safety, for ever.");
        await Public(address, 410);
        await page.Context.CloseAsync();
    }

    /// <summary>With name and password, through the gateway, and back to where they wanted to go.</summary>
    [Fact]
    public async Task People_sign_in_to_the_pages_and_out_again()
    {
        var page = await installed.Chromium.Open(script: false);
        await page.GotoAsync(Newsstand.Address(null, "/newsroom?work=in-review"));
        await page.FillAsync("#userName", "editor");
        await page.FillAsync("#password", Platform.DemonstrationPassword);
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/newsroom?work=in-review");
        await page.GotoAsync(Newsstand.Address(null, $"/newsroom/articles/{Newsstand.Approved}/edit"));
        await page.Enter("Save");
        await Says(page, "It was so already");
        await page.Enter("Sign out");
        await page.GotoAsync(Newsstand.Address(null, "/newsroom"));
        Assert.EndsWith("/identity/sign-in", new Uri(page.Url).AbsolutePath, StringComparison.Ordinal);
        await page.Context.CloseAsync();
    }

    async Task Public(string address, int status) =>
        await Wait.Until(() => Newsstand.Platform.Send(new HttpRequestMessage(HttpMethod.Get, address)), reply => reply.Status == status, $"{status} at {address}");

    static async Task Says(IPage page, string words) => Assert.StartsWith(words, await page.InnerTextAsync("main > .notice"), StringComparison.Ordinal);
}
