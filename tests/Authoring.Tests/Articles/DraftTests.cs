using System.Text.Json;
using System.Text.Json.Nodes;
using Vigil.Contracts.Authoring;
using Vigil.Kit;

namespace Vigil.Authoring.Tests.Articles;

/// <summary>What is sent is kept as it was sent; what leaves for readers is safe.</summary>
public sealed class DraftTests(Installed installed)
{
    [Fact]
    public async Task A_draft_is_there_at_its_address_with_all_its_parts()
    {
        var article = Draft.Full();
        var drafted = (await installed.Writer.Draft(article)).Must(201);
        Assert.Equal(("\"1\"", $"/api/newsroom/v1/articles/{drafted.Id}"), (drafted.ETag, drafted.Headers["Location"]));
        var read = (await installed.Writer.Send(HttpMethod.Get, drafted.Headers["Location"])).Must(200);
        Assert.Equal(drafted.Text, read.Text);
        var text = JsonNode.Parse(read["text"].GetRawText())!.AsObject();
        foreach (var (member, value) in article.Where(m => m.Key is not "editions")) Assert.True(JsonNode.DeepEquals(value, text[member]), $"{member}: {text[member]}");
        Assert.Equal(["au", "de"], read["editions"].EnumerateArray().Select(e => e.GetString()!));
    }

    [Fact]
    public async Task A_release_says_the_whole_article()
    {
        var article = Draft.Full();
        var id = await installed.Live(article);
        var release = await installed.Release(id);
        var text = release.Text;
        Assert.Equal((4, ReleaseKind.First, $"{article["headline"]}", "en"), (release.Version, release.Kind, text.Headline, text.Language));
        Assert.Equal(["au", "de"], release.Editions);
        Assert.Equal((release.At, release.At), (release.FirstPublished, release.MailAt));
        Assert.Equal([null, Part.Quotation, null, Part.Call], text.Body.Select(b => b.Part));
        Assert.StartsWith("<p>The first paragraph, with <em>emphasis</em>.</p>", text.Body[0].Html, StringComparison.Ordinal);
        Assert.Equal((new Byline(BylineKind.Named, "Ada Bell"), new Quotation("We share what we have.", Attribution.Described, "a researcher")), (text.Byline, text.Quotations[0]));
        Assert.Equal(("For North Korea:", 3, "Find out more"), (text.PrayerPoints!.Lead, text.PrayerPoints.Points.Count, text.Related[0].Text));
        Assert.Equal(["KP", "ER"], text.Countries);
        Assert.Equal([Disclosure.NamesChanged], text.Disclosures);
    }

    [Fact]
    public async Task A_withheld_byline_leaves_no_word_of_itself()
    {
        var release = await installed.Release(await installed.Live(Draft.Full().With("byline", new JsonObject { ["kind"] = "withheld" })));
        Assert.Null(release.Text.Byline);
    }

    static readonly string[] Hostile =
    [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<a href=\"javascript:alert(1)\">a</a>", "[a](javascript:alert(1))", "[a](JaVaScRiPt&#58;alert(1))", "[a](data:text/html,alert)",
        "![a](javascript:alert(1))", "<svg><script>alert(1)</script></svg>", "<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>", "<iframe src=https://evil.example></iframe>",
        "<p style=\"background:url(javascript:alert(1))\">a</p>", "<p onclick=alert(1)>a</p>", "<form action=/x><input name=a></form>", "<base href=//evil.example>", "<meta http-equiv=refresh content=0>",
        "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">", "<template><script>alert(1)</script></template>", "<object data=x></object>", "<embed src=x>", "<link rel=stylesheet href=x>",
        "<a href=\"vbscript:x\">a</a>", "<a href=\" &#14; javascript:alert(1)\">a</a>", "<https://user:secret@evil.example/>", "<style>@import 'x'</style>", "<textarea></textarea><script>alert(1)</script>",
        "<p id=content class=story name=x>a</p>", "<!--><script>alert(1)</script>-->", "`<script>alert(1)</script>`", "<xmp><script>alert(1)</script></xmp>", "<a href=\"https://example.org\" target=_blank>a</a>",
    ];

    [Fact]
    public async Task Hostile_markup_is_kept_as_words_and_leaves_as_none()
    {
        var headline = Draft.Headline("<script>alert(1)</script>");
        var releases = await Task.WhenAll(Hostile.Select(async markup =>
        {
            var id = await installed.Live(Draft.Full(headline).With("body", $"Before.\n\n{markup}\n\nAfter."));
            Assert.Contains(markup, (await installed.Writer.Read(id))["text"].GetProperty("body").GetString(), StringComparison.Ordinal);
            return (markup, release: await installed.Release(id));
        }));
        foreach (var (markup, release) in releases)
        {
            Assert.Equal(headline, release.Text.Headline);
            var html = string.Concat(release.Text.Body.Select(b => b.Html));
            Assert.StartsWith("<p>Before.</p>", html, StringComparison.Ordinal);
            var document = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(html);
            foreach (var element in document.Body!.QuerySelectorAll("*"))
            {
                Assert.True(element.LocalName is "p" or "a" or "em" or "code" or "b", $"{markup} left a {element.LocalName}: {html}");
                foreach (var attribute in element.Attributes)
                    Assert.True(attribute.Name is "rel" or "title" || attribute.Name is "href" && attribute.Value.StartsWith("https://example.org", StringComparison.Ordinal), $"{markup} left {attribute.Name}={attribute.Value}");
            }
            Assert.Empty(document.Head!.Children);
        }
    }

    [Fact]
    public async Task Endings_are_heard_without_a_word_of_the_story()
    {
        var id = await installed.Live();
        await using var ear = await installed.Platform.Wire.Listen<ArticleWithdrawn>();
        await using var end = await installed.Platform.Wire.Listen<ArticleTakenDown>();
        (await installed.Editor.Withdraw(id, "A reason.", "de")).Must(200);
        (await installed.Editor.Withdraw(id, "A reason.")).Must(200);
        (await installed.Somebody("duty").TakeDown(id, "A reason.")).Must(200);
        var taken = await Wait.Until(() => Task.FromResult(end.Heard.SingleOrDefault(e => e.ArticleId == id)), e => e is not null, "the takedown on the wire");
        Assert.Equal(7, taken!.Version);
        var withdrawn = await Wait.Until(() => Task.FromResult(ear.Heard.Where(w => w.ArticleId == id).ToArray()), w => w.Length == 2, "the withdrawals on the wire");
        Assert.Equal(["{\"Version\":5,\"Editions\":[\"de\"]}", "{\"Version\":6,\"Editions\":null}"], withdrawn.Select(w => JsonSerializer.Serialize(new { w.Version, w.Editions })));
    }

    [Fact]
    public async Task The_empty_id_is_no_article()
    {
        (await installed.Platform.As(Account.Writer).Submit(Guid.Empty)).MustBe(404, "article.unknown");
        (await installed.Platform.As(Account.Writer).Read(Guid.Empty)).MustBe(404, "article.unknown");
        (await installed.Platform.As(Account.Writer).Read(Guid.Empty, "?version=1")).MustBe(404, "article.unknown");
    }
}
