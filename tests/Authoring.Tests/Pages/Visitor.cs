using System.Net.Http.Headers;
using System.Text;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Vigil.Kit;

namespace Vigil.Authoring.Tests.Pages;

/// <summary>The newsroom's pages as a browser without script uses them: opens, fills in, presses a button, follows where it is sent.</summary>
sealed class Visitor(Platform platform, string? token)
{
    public static Visitor As(Platform platform, Account account) => new(platform, platform.Issuer.Token(account));

    public Task<Shown> Open(string path) => Send(HttpMethod.Get, path, null);

    public Task<Shown> Desk(string query = "") => Open($"/newsroom{query}");
    public Task<Shown> Article(Guid id, string more = "") => Open($"/newsroom/articles/{id}{more}");

    /// <summary>Presses a button of the form that has it, and follows.</summary>
    public async Task<Shown> Press(Shown page, string button, params (string Name, string Value)[] typed)
    {
        var reply = await Post(page, button, typed);
        return reply.Reply.Status == 303 ? await Open(reply.Reply.Headers["Location"]) : reply;
    }

    public Task<Shown> Post(Shown page, string button, params (string Name, string Value)[] typed)
    {
        var pressed = page.Document.QuerySelectorAll("button").OfType<IHtmlButtonElement>().FirstOrDefault(b => b.TextContent.Trim() == button);
        Assert.True(pressed is not null, $"There is no button “{button}” in:\n{page.Reply.Text}");
        var form = pressed.Form!;
        return Post(form.GetAttribute("action")!, [.. Fields(form, pressed).Where(f => typed.All(t => t.Name != f.Key)), .. typed.Select(t => KeyValuePair.Create(t.Name, t.Value))]);
    }

    public Task<Shown> Post(string path, IEnumerable<KeyValuePair<string, string>> fields) => Send(HttpMethod.Post, path, new FormUrlEncodedContent(fields));

    public async Task<Shown> Send(HttpMethod method, string path, HttpContent? content)
    {
        var request = new HttpRequestMessage(method, platform.At(path)) { Content = content };
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return new(await platform.Send(request));
    }

    public static HttpContent Raw(byte[] body, string type = "application/x-www-form-urlencoded") => new ByteArrayContent(body) { Headers = { ContentType = MediaTypeHeaderValue.Parse(type) } };

    /// <summary>What the browser would send for it.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Fields(IHtmlFormElement form, IHtmlElement? pressed = null)
    {
        foreach (var element in form.Elements)
            switch (element)
            {
                case IHtmlInputElement { Type: "checkbox" or "radio" } box: if (box.IsChecked) yield return new(box.Name!, box.Value); break;
                case IHtmlInputElement input: yield return new(input.Name!, input.Value); break;
                case IHtmlTextAreaElement area: yield return new(area.Name!, area.Value.ReplaceLineEndings("\r\n")); break;
                case IHtmlSelectElement select: yield return new(select.Name!, select.Value!); break;
                case IHtmlButtonElement button when button == pressed && button.HasAttribute("name"): yield return new(button.Name!, button.Value); break;
            }
    }
}

/// <summary>A page that was answered.</summary>
sealed record Shown(Reply Reply)
{
    public IHtmlDocument Document { get; } = new HtmlParser().ParseDocument(Reply.Text);

    public Shown Must(int status)
    {
        Reply.Must(status);
        return this;
    }

    public string Heading => Document.QuerySelector("h1")?.TextContent.Trim() ?? "";
    public string Notice => string.Join('\n', Document.QuerySelectorAll("main > .notice").Select(n => System.Text.RegularExpressions.Regex.Replace(n.TextContent.Trim(), @"\s+", " ")));

    /// <summary>The codes of everything that is refused on it.</summary>
    public string Codes => Said(Document.QuerySelector(".refusal"));

    /// <summary>The codes that stand beside a field.</summary>
    public string FaultsAt(string field) => Said(Document.GetElementById($"{field}-fault"));

    static string Said(AngleSharp.Dom.IElement? place) => string.Join(' ', place?.QuerySelectorAll("code").Select(c => c.TextContent) ?? []);

    public IEnumerable<string> Buttons => Document.QuerySelectorAll(".acts button, .acts .button").Select(b => b.TextContent.Trim());

    /// <summary>What a field holds.</summary>
    public string Typed(string name) => Document.QuerySelectorAll($"[name=\"{name}\"]").Select(e => e switch
    {
        IHtmlTextAreaElement area => area.Value, IHtmlInputElement input => input.Value, IHtmlSelectElement select => select.Value!, _ => "",
    }).FirstOrDefault() ?? "(no such field)";
}
