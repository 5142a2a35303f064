using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace Vigil.Identity.Tests;

/// <summary>A browser that looks at the provider itself, and the web client that it comes back to.</summary>
/// <param name="instance">Null: the first.</param>
public sealed class Browser(Platform platform, Instance? instance = null) : Visitor(platform, (instance ?? platform[Services.Identity]).Url)
{
    public string Verifier { get; } = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(48));

    public static string Challenge(string verifier) => WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));

    public new async Task<Reply> SignIn(string name, string password = Installed.Password, string page = "/identity/sign-in") =>
        await Press(await Open(page), "/identity/sign-in", ("userName", name), ("password", password));

    /// <summary>Where the web client sends a person to sign in; a test may change each parameter, or leave it out with null.</summary>
    public string Authorize(params (string Name, string? Value)[] changed)
    {
        var query = new Dictionary<string, string?>
        {
            ["client_id"] = "newsroom", ["response_type"] = "code", ["redirect_uri"] = Installed.Redirect, ["scope"] = "openid profile", ["state"] = "a-state", ["nonce"] = "a-nonce",
            ["code_challenge"] = Challenge(Verifier), ["code_challenge_method"] = "S256",
        };
        foreach (var (name, value) in changed) query[name] = value;
        return QueryHelpers.AddQueryString("/connect/authorize", query.Where(p => p.Value is not null));
    }

    /// <summary>Signs in and comes back with a code.</summary>
    public async Task<string> Code(string name, string password = Installed.Password)
    {
        var asked = (await Open(Authorize())).Must(302);
        var signedIn = (await SignIn(name, password, asked.Headers["Location"])).Must(302);
        var back = new Uri((await Open(signedIn.Headers["Location"])).Must(302).Headers["Location"]);
        Assert.Equal(Installed.Redirect, back.GetLeftPart(UriPartial.Path));
        var query = QueryHelpers.ParseQuery(back.Query);
        Assert.Equal("a-state", query["state"]);
        return query["code"]!;
    }

    public Task<Reply> Exchange(string code, params (string Name, string? Value)[] changed)
    {
        var form = new Dictionary<string, string?>
        {
            ["grant_type"] = "authorization_code", ["client_id"] = "newsroom", ["redirect_uri"] = Installed.Redirect, ["code"] = code, ["code_verifier"] = Verifier,
            ["client_secret"] = Platform.ClientSecret,
        };
        foreach (var (name, value) in changed) form[name] = value;
        return Send(HttpMethod.Post, "/connect/token", new FormUrlEncodedContent(form.Where(p => p.Value is not null)!));
    }

    public async Task<string> Token(string name, string password = Installed.Password) => (await Exchange(await Code(name, password))).Must(200)["access_token"].GetString()!;

    /// <summary>Of whoever is signed in here.</summary>
    public async Task<string> Token()
    {
        var back = new Uri((await Open(Authorize())).Must(302).Headers["Location"]);
        return (await Exchange(QueryHelpers.ParseQuery(back.Query)["code"]!)).Must(200)["access_token"].GetString()!;
    }
}
