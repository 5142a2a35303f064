using System.Net;
using System.Text.RegularExpressions;
using Xunit;

namespace Vigil.Kit;

/// <summary>A browser without script: it keeps cookies, says where a request comes from, goes where it is sent, and sends a page's form with what the page put into it.</summary>
public partial class Visitor(Platform platform, Uri root)
{
    readonly Dictionary<string, string> _cookies = [];

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"")]
    private static partial Regex Hidden();

    [GeneratedRegex("http-equiv=\"refresh\" content=\"0; url=([^\"]+)\"")]
    private static partial Regex Refresh();

    protected Platform Platform { get; } = platform;

    public Dictionary<string, string> Cookies => _cookies;

    /// <summary>Headers that go with every request.</summary>
    public IReadOnlyList<(string Name, string Value)> Says { get; set; } = [];

    /// <summary>Where the last page came from.</summary>
    public Uri At { get; private set; } = root;

    public Task<Reply> Open(string path, params (string Name, string Value)[] headers) => Send(HttpMethod.Get, path, null, headers);

    /// <summary>Opens a page and goes wherever that leads.</summary>
    public async Task<Reply> Follow(string path) => await Follow(await Open(path));

    public async Task<Reply> Follow(Reply reply)
    {
        for (var i = 0; i < 12; i++)
            if (reply.Status is 302 or 303) reply = await Open(reply.Headers["Location"]);
            else if (Refresh().Match(reply.Text) is { Success: true } next) reply = await Open(WebUtility.HtmlDecode(next.Groups[1].Value));
            else return reply;
        throw new InvalidOperationException($"It leads on and on: {reply}");
    }

    /// <summary>Fills in a page's form and presses its button.</summary>
    public Task<Reply> Press(Reply page, string action, params (string Name, string Value)[] typed) => Send(HttpMethod.Post, action, new FormUrlEncodedContent(
        Hidden().Matches(page.Text).Select(m => KeyValuePair.Create(m.Groups[1].Value, WebUtility.HtmlDecode(m.Groups[2].Value))).DistinctBy(h => h.Key).Where(h => typed.All(t => t.Name != h.Key))
        .Concat(typed.Select(t => KeyValuePair.Create(t.Name, t.Value)))));

    /// <summary>To a page of the newsroom, by way of the provider where it asks who this is.</summary>
    public async Task<Reply> SignIn(string account, string password, string page = "/newsroom")
    {
        var asked = await Follow(page);
        Assert.Contains("name=\"password\"", asked.Text, StringComparison.Ordinal);
        return await Follow(await Press(asked, "/identity/sign-in", ("userName", account), ("password", password)));
    }

    /// <param name="headers">Instead of what a browser says of a request that one of the site's own pages makes.</param>
    public async Task<Reply> Send(HttpMethod method, string path, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        At = new Uri(At, path);
        using var request = new HttpRequestMessage(method, At) { Content = content };
        if (_cookies.Count > 0) request.Headers.Add("Cookie", string.Join("; ", _cookies.Select(c => $"{c.Key}={c.Value}")));
        if (headers.Length == 0) headers = method == HttpMethod.Get ? [("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Mode", "navigate")]
            : [("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Mode", "navigate"), ("Origin", At.GetLeftPart(UriPartial.Authority))];
        foreach (var (name, value) in headers.Concat(Says)) request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await Platform.Http.SendAsync(request);
        if (answer.Headers.TryGetValues("Set-Cookie", out var set))
            foreach (var cookie in set.Select(s => s.Split(';')[0].Split('=', 2)))
                if (cookie[1].Length == 0) _cookies.Remove(cookie[0]);
                else _cookies[cookie[0]] = cookie[1];
        return await Reply.Of(answer);
    }
}
