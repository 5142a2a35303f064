namespace Vigil.Browser;

/// <summary>A passkey as a browser really makes and uses one, with an authenticator of Chromium's own.</summary>
public sealed class PasskeyJourneyTests(Installed installed)
{
    Newsstand Newsstand => installed.Newsstand;

    [Fact]
    public async Task Somebody_adds_a_passkey_comes_in_with_it_and_removes_it_by_keyboard()
    {
        var person = await Staff.Join(Newsstand.Platform, Newsstand.Platform.As(Account.Admin), "writer");
        var page = await installed.Chromium.Open(script: true);
        var watch = new Watch(page);
        var device = await page.Context.NewCDPSessionAsync(page);
        await device.SendAsync("WebAuthn.enable");
        var made = await device.SendAsync("WebAuthn.addVirtualAuthenticator", new()
        {
            ["options"] = new { protocol = "ctap2", transport = "internal", hasResidentKey = true, hasUserVerification = true, isUserVerified = true, automaticPresenceSimulation = true },
        });
        var authenticator = made!.Value.GetProperty("authenticatorId").GetString()!;

        await page.GotoAsync(Newsstand.Platform.At("/identity/sign-in?returnUrl=/identity/security", "localhost").ToString());
        await Password(page, person);
        await page.Enter("Add a passkey");
        await page.Reach("Its name");
        await page.Keyboard.TypeAsync("Telephone");
        await page.Follow(() => page.Keyboard.PressAsync("Enter"));
        Assert.Equal("Your recovery codes", await page.InnerTextAsync("h1"));

        // Another browser, as far as cookies go, and by way of the newsroom, which has another host here.
        await page.Context.ClearCookiesAsync();
        await page.GotoAsync(Newsstand.Address(null, "/newsroom"));
        await Password(page, person);
        Assert.Equal("One more step", await page.InnerTextAsync("h1"));
        // Somebody else's finger: the page says that nothing came of it, and stays.
        await Verified(false);
        await page.Reach("Use your passkey");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync("form[data-passkey] .fault");
        Assert.Empty(await Checks.Accessible(page));
        await Verified(true);
        await page.Enter("Use your passkey");
        await page.WaitForURLAsync("**/newsroom");

        await page.GotoAsync(Newsstand.Platform.At("/identity/security", "localhost").ToString());
        Assert.Contains("last used", await page.InnerTextAsync(".passkeys"), StringComparison.Ordinal);
        await page.Enter("Remove");
        Assert.Equal(0, await page.Locator(".passkeys").CountAsync());
        Assert.Empty(watch.Faults);
        await page.Context.CloseAsync();

        Task Verified(bool value) => device.SendAsync("WebAuthn.setUserVerified", new() { ["authenticatorId"] = authenticator, ["isUserVerified"] = value });
    }

    static async Task Password(IPage page, Staff person)
    {
        await page.FillAsync("#userName", person.Name);
        await page.FillAsync("#password", Staff.Password);
        await page.Follow(() => page.Keyboard.PressAsync("Enter"));
    }
}
