using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using static Vigil.Identity.Tests.PasskeyTests;
using Lie = Vigil.Identity.Tests.SoftwareKey.Lie;

namespace Vigil.Identity.Tests;

/// <summary>Each way in which an answer to a challenge can be false.</summary>
public sealed class PasskeyForgeryTests(Named.Shared shared) : IClassFixture<Named.Shared>
{
    Platform Platform => shared.Named.Platform;

    static Dictionary<string, Lie> Lies => new()
    {
        ["another address"] = new() { Origin = "http://localhost:1" },
        ["another host"] = new() { Host = "evil.localhost" },
        ["another purpose"] = new() { Type = "payment.get" },
        ["another challenge"] = new() { Challenge = SoftwareKey.Text(RandomNumberGenerator.GetBytes(32)) },
        ["within a page of others"] = new() { CrossOrigin = true },
        ["below a page of others"] = new() { TopOrigin = "http://evil.localhost" },
        ["nobody there"] = new() { Without = SoftwareKey.Present },
        ["without PIN"] = new() { Without = SoftwareKey.Verified },
    };

    static Dictionary<string, Action<JsonObject>> Tricks => new()
    {
        ["a member more"] = c => c["admin"] = true,
        ["an extension"] = c => c["clientExtensionResults"]!["appid"] = true,
        ["a member more within"] = c => c["response"]!["publicKey"] = "AAAA",
        ["a member less"] = c => c.Remove("type"),
        ["another type"] = c => c["type"] = "password",
        ["no client data"] = c => c["response"]!["clientDataJSON"] = "",
        ["broken client data"] = c => c["response"]!["clientDataJSON"] = SoftwareKey.Text("{\"type\":"u8.ToArray()),
        ["no base64"] = c => c["id"] = "???",
    };

    public static TheoryData<string> Forgeries => [.. Lies.Keys, .. Tricks.Keys, "signed by another", "cut short", "of nobody", "of somebody else", "for somebody else", "not at all", "no challenge", "another sign-in's challenge", "another account's challenge", "a challenge to add"];

    [Theory, MemberData(nameof(Forgeries))]
    public async Task A_forged_use_is_refused_and_the_right_one_is_not(string forgery)
    {
        var holder = await SetUp(Platform);
        var browser = Elsewhere(Platform);
        var page = await Ask(browser, holder.Person);
        var options = Options(page);
        using var stranger = Key(Platform);
        var credential = holder.Key.Get(options, Lies.GetValueOrDefault(forgery) ?? (forgery == "signed by another" ? new() { SignedBy = stranger } : null));
        if (Tricks.TryGetValue(forgery, out var trick)) trick(credential);
        List<(string, string)> typed = [("credential", credential.ToJsonString())];
        switch (forgery)
        {
            case "cut short": credential["response"]!["authenticatorData"] = credential["response"]!["authenticatorData"]!.GetValue<string>()[..40]; goto case "again";
            case "of nobody": credential = stranger.Get(options); goto case "again";
            case "of somebody else": credential = (await SetUp(Platform)).Key.Get(options); goto case "again";
            case "for somebody else": credential["response"]!["userHandle"] = SoftwareKey.Text("somebody"u8.ToArray()); goto case "again";
            case "again": typed = [("credential", credential.ToJsonString())]; break;
            case "not at all": typed = []; break;
            case "no challenge": typed.Add(("challenge", "AAAA")); break;
            case "another sign-in's challenge": Swap(await Ask(Elsewhere(Platform), holder.Person)); break;
            case "another account's challenge": Swap(await Ask(Elsewhere(Platform), (await SetUp(Platform)).Person)); break;
            case "a challenge to add": Swap(await holder.Browser.Press(await holder.Browser.Open(Security), Offer)); break;
        }
        var refused = (await browser.Press(page, Using, [.. typed])).Must(422);
        Assert.Contains("That passkey was not taken", refused.Text, StringComparison.Ordinal);
        Assert.StartsWith("/identity/sign-in", (await browser.Open(Security)).Must(302).Headers["Location"], StringComparison.Ordinal);
        (await Use(browser, refused, holder.Key.Get(Options(refused)))).Must(302);

        void Swap(Reply other) => typed = [("credential", holder.Key.Get(Options(other)).ToJsonString()), ("challenge", Regex.Match(other.Text, "name=\"challenge\" value=\"([^\"]*)\"").Groups[1].Value)];
    }

    public static TheoryData<string> FalseAdditions => [.. Lies.Keys, .. Tricks.Keys, "somebody else's", "without a name", "with a long name", "another browser's challenge", "a challenge answered before"];

    [Theory, MemberData(nameof(FalseAdditions))]
    public async Task A_forged_addition_is_refused_and_the_right_one_is_not(string forgery)
    {
        var (person, browser) = await SignedIn(Platform);
        var page = (await browser.Press(await browser.Open(Security), Offer)).Must(200);
        using var key = forgery == "somebody else's" ? new SoftwareKey(Origin(Platform), "localhost") { Id = (await SetUp(Platform)).Key.Id } : Key(Platform);
        var name = forgery switch { "without a name" => " ", "with a long name" => new string('n', 65), _ => "Key" };
        if (forgery == "another browser's challenge")
        {
            var other = Elsewhere(Platform);
            var security = await other.Follow(await other.SignIn(person.Name, Staff.Password, $"/identity/sign-in?returnUrl={Security}"));
            var theirs = (await other.Press(security, Offer)).Must(200);
            var ours = Regex.Match(page.Text, "name=\"form\" value=\"([^\"]*)\"").Groups[1].Value;
            page = theirs with { Text = Regex.Replace(theirs.Text, "name=\"form\" value=\"([^\"]*)\"", $"name=\"form\" value=\"{ours}\"") };
        }
        var credential = key.Create(Options(page), Lies.GetValueOrDefault(forgery));
        if (Tricks.TryGetValue(forgery, out var trick)) trick(credential);
        if (forgery == "a challenge answered before")
        {
            (await browser.Press(page, Adding, ("name", name), ("credential", credential.ToJsonString()))).Must(200);
            // Removed, it does not come back by being sent again.
            (await browser.Press(await browser.Open(Security), Removal)).Must(302);
        }
        var refused = (await browser.Press(page, Adding, ("name", name), ("credential", credential.ToJsonString()))).Must(422);
        Assert.Matches("That passkey was not taken|Give the passkey a name", refused.Text);
        Assert.Empty(await Platform.Query<string>("select \"Name\" from identity.\"Passkeys\" where \"AccountId\" = $1", person.Id));
        using var right = Key(Platform);
        (await browser.Press(refused, Adding, ("name", "Key"), ("credential", right.Create(Options(refused)).ToJsonString()))).Must(200);
    }
}
