using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;

namespace Vigil.Identity.Tests;

/// <summary>A browser without script: it keeps cookies, and sends a page's form with what the page put into it.</summary>
public sealed partial class Browser(Platform platform)
{
    readonly Dictionary<string, string> _cookies = [];

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"")]
    private static partial Regex Hidden();

    public string Verifier { get; } = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(48));

    public static string Challenge(string verifier) => WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));

    public Task<Reply> Open(string path) => Send(HttpMethod.Get, path, null);

    async Task<Reply> Send(HttpMethod method, string path, HttpContent? content)
    {
        using var request = new HttpRequestMessage(method, new Uri(platform[Services.Identity].Url, path)) { Content = content };
        if (_cookies.Count > 0) request.Headers.Add("Cookie", string.Join("; ", _cookies.Select(c => $"{c.Key}={c.Value}")));
        using var answer = await platform.Http.SendAsync(request);
        if (answer.Headers.TryGetValues("Set-Cookie", out var set))
            foreach (var cookie in set.Select(s => s.Split(';')[0].Split('=', 2)))
                if (cookie[1].Length == 0) _cookies.Remove(cookie[0]);
                else _cookies[cookie[0]] = cookie[1];
        return await Reply.Of(answer);
    }

    /// <summary>Fills in a page's form and presses its button.</summary>
    public Task<Reply> Press(Reply page, string action, params (string Name, string Value)[] typed) => Send(HttpMethod.Post, action, new FormUrlEncodedContent(
        Hidden().Matches(page.Text).Select(m => KeyValuePair.Create(m.Groups[1].Value, WebUtility.HtmlDecode(m.Groups[2].Value))).Where(h => typed.All(t => t.Name != h.Key))
        .Concat(typed.Select(t => KeyValuePair.Create(t.Name, t.Value)))));

    public async Task<Reply> SignIn(string name, string password = Installed.Password, string page = "/identity/sign-in") =>
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
        };
        foreach (var (name, value) in changed) form[name] = value;
        return Send(HttpMethod.Post, "/connect/token", new FormUrlEncodedContent(form.Where(p => p.Value is not null)!));
    }

    public async Task<string> Token(string name, string password = Installed.Password) => (await Exchange(await Code(name, password))).Must(200)["access_token"].GetString()!;
}
