using System.Text.Json.Nodes;
using AngleSharp.Html.Dom;
using Vigil.Kit;

namespace Vigil.Authoring.Tests.Pages;

/// <summary>Writing by the form: every part of a story, nothing lost, nobody's work overwritten.</summary>
public sealed class EditTests(Installed installed)
{
    Visitor Writer => Visitor.As(installed.Platform, Account.Writer);

    [Fact]
    public async Task A_story_that_is_opened_and_saved_stays_as_it_is()
    {
        var article = Draft.Full().With("slug", $"a-slug-{Guid.NewGuid()}").With("body", "\n\nThe first\n  line, {not a part}\n\n    code\n\n{quotation 2}\n\n{call 1}\n")
            .With("quotations", new JsonArray(new JsonObject { ["text"] = "One.", ["attribution"] = "withheld" }, new JsonObject { ["text"] = "“Two” <3 & more.", ["attribution"] = "named", ["as"] = "Ada" }))
            .With("topics", new JsonArray("Bread, and salt", "Überleben")).With("disclosures", new JsonArray("names-changed", "place-withheld"));
        var id = await installed.Drafted(article);
        var saved = await Writer.Press((await Writer.Article(id, "/edit")).Must(200), "Save");
        Assert.Equal("It was so already; nothing was changed.", saved.Notice);
        Assert.Equal(1, await installed.Events(id));
    }

    [Fact]
    public async Task Every_part_is_written_by_the_form()
    {
        var wanted = Draft.Full().With("related", null).With("slug", $"slug-{Guid.NewGuid()}");
        var page = await Writer.Open("/newsroom/articles/new");
        page = (await Writer.Post(page, "Add a quotation", ("headline", $"{wanted["headline"]}"), ("body", $"{wanted["body"]}".Replace("\n\n{call 1}", "", StringComparison.Ordinal)))).Must(200);
        wanted["body"] = $"{wanted["body"]}".Replace("\n\n{call 1}", "", StringComparison.Ordinal);
        page = await Writer.Post(page, "Add a quotation", ("quotations[0].text", "We share what we have."), ("quotations[0].attribution", "described"), ("quotations[0].as", "a researcher"));
        // A quotation that stays empty is none.
        var saved = await Writer.Press(page, "Save", ("standfirst", $"{wanted["standfirst"]}"), ("slug", $"{wanted["slug"]}"), ("byline.kind", "named"), ("byline.name", "Ada Bell"), ("countries", "kp, ER"),
            ("topics", "neighbours\r\n"), ("prayerPoints.lead", "For North Korea:"), ("prayerPoints.points", "For those who wait.\r\nFor those who travel.\r\nFor those who stay."), ("disclosures", "names-changed"));
        Assert.Equal("Saved.", saved.Notice);
        var id = Guid.Parse(saved.Document.QuerySelector("a.button[href$=edit]")!.GetAttribute("href")!.Split('/')[3]);
        var stored = JsonNode.Parse((await installed.Writer.Read(id)).Must(200)["text"].GetRawText())!.AsObject();
        foreach (var (member, value) in wanted.Where(m => m.Key != "editions"))
            Assert.True(Same(value, stored[member]), $"{member}: {stored[member]?.ToJsonString()} and not {value?.ToJsonString()}");

        static bool Same(JsonNode? a, JsonNode? b) => a is JsonObject x && b is JsonObject y ? x.All(m => Same(m.Value, y[m.Key])) : a is JsonArray p && b is JsonArray q ? p.Count == q.Count && p.Zip(q).All(e => Same(e.First, e.Second)) : JsonNode.DeepEquals(a, b);
    }

    [Fact]
    public async Task Parts_are_added_and_removed_with_all_else_as_it_was_typed()
    {
        var page = await Writer.Open("/newsroom/articles/new");
        foreach (var n in new[] { "one", "two", "three" })
        {
            page = await Writer.Post(page, "Add a quotation", ("headline", "Unsaved"));
            page = await Writer.Post(page, "Add a link", ($"quotations[{page.Document.QuerySelectorAll("[name^=quotations][name$=text]").Length - 1}].text", n));
        }
        page = await Writer.Post(page, "Remove quotation 2");
        Assert.Equal(("Unsaved", "one", "three", "(no such field)"), (page.Typed("headline"), page.Typed("quotations[0].text"), page.Typed("quotations[1].text"), page.Typed("quotations[2].text")));
        Assert.Equal(3, page.Document.QuerySelectorAll("[name^=related][name$=url]").Length);
    }

    [Fact]
    public async Task Every_fault_stands_beside_its_field_and_nothing_is_lost()
    {
        (string Field, string Text, string At, string Code)[] bad =
        [
            ("headline", new string('h', 201), "headline", "text.too-long"), ("standfirst", "A bell \u0007", "standfirst", "text.bad-character"), ("language", "klingon", "language", "value.bad-language"),
            ("slug", "No Slug", "slug", "value.bad-slug"), ("byline.name", "Ada", "byline.name", "article.byline-name"), ("countries", "KP, XX", "countries", "value.bad-country"),
            ("topics", "one\none", "topics", "list.repeated"), ("prayerPoints.lead", "", "prayerPoints.lead", "text.required"), ("prayerPoints.points", new string('p', 601), "prayerPoints.points", "text.too-long"),
            ("quotations[0].text", "", "quotations[0].text", "text.required"), ("quotations[0].as", "somebody", "quotations[0].as", "article.attribution"),
            ("related[0].title", "", "related[0].title", "text.required"), ("related[0].url", "javascript:alert(1)", "related[0].url", "value.bad-url"), ("editions", "nowhere", "editions", "article.unknown-edition"),
        ];
        var typed = bad.Select(b => (b.Field, b.Text)).Append(("quotations[0].attribution", "withheld")).Append(("byline.kind", "desk")).Append(("body", "Kept.")).ToArray();
        var page = (await Writer.Post(await Writer.Open("/newsroom/articles/new"), "Save", typed)).Must(422);
        // The API refuses an edition that there is not only once all else is good.
        foreach (var (field, _, at, code) in bad.Where(b => b.Field != "editions")) Assert.Equal((field, code), (field, page.FaultsAt(at)));
        foreach (var (field, text) in typed.Where(t => t.Item1 != "editions")) Assert.Equal((field, text), (field, page.Typed(field)));
        Assert.Contains("It may have 200 characters.", page.Document.GetElementById("headline-fault")!.TextContent);
        foreach (var (field, label) in new[] { ("countries", "Countries, no. 2"), ("quotations[0].text", "Quotations, no. 1"), ("slug", "Address") })
            Assert.Equal(label, page.Document.QuerySelector($".refusal a[href='#{field}']")!.TextContent);
        foreach (var link in page.Document.QuerySelectorAll(".refusal a")) Assert.NotNull(page.Document.GetElementById(link.GetAttribute("href")![1..]));
        Assert.StartsWith("Not saved", page.Document.Title);
    }

    [Fact]
    public async Task Who_was_overtaken_sees_both_versions_and_loses_nothing()
    {
        var id = await installed.Drafted(Draft.Minimal("Mine to edit"));
        var page = await Writer.Article(id, "/edit");
        (await installed.Editor.Revise(id, 1, Draft.Minimal("Theirs").With("standfirst", "They wrote this."))).Must(200);
        var refused = (await Writer.Post(page, "Save", ("headline", "My own"), ("body", "My body."))).Must(412);
        Assert.Equal("precondition.stale", refused.Codes);
        Assert.Equal(("My own", "My body.", "2"), (refused.Typed("headline"), refused.Typed("body"), refused.Typed("version")));
        string Meanwhile(string field) => refused.Document.GetElementById(field)!.ParentElement!.QuerySelector(".meanwhile .lines")!.TextContent;
        Assert.Equal(("Theirs", "They wrote this.", "One paragraph."), (Meanwhile("headline"), Meanwhile("standfirst"), Meanwhile("body")));
        Assert.Null(refused.Document.GetElementById("language")!.ParentElement!.QuerySelector(".meanwhile"));
        Assert.Equal(2, await installed.Events(id));
        Assert.Equal("My own", (await Writer.Press(refused, "Save over the newer version")).Heading);
    }

    [Fact]
    public async Task A_form_sent_again_with_other_words_saves_them_only_when_asked_again()
    {
        var page = await Writer.Open("/newsroom/articles/new");
        (await Writer.Post(page, "Save", ("headline", Draft.Headline()), ("body", "One."))).Must(303);
        var refused = (await Writer.Post(page, "Save", ("headline", "Other words"), ("body", "Two."))).Must(422);
        Assert.Equal(("command.key-reused", "Other words"), (refused.Codes, refused.Typed("headline")));
        Assert.Equal("Other words", (await Writer.Press(refused, "Save")).Heading);
    }

    [Fact]
    public async Task What_is_typed_in_several_lines_is_one_paragraph_all_the_same()
    {
        var page = await Writer.Post(await Writer.Open("/newsroom/articles/new"), "Add a quotation", ("headline", Draft.Headline()), ("body", "One."));
        page = await Writer.Press(page, "Save", ("standfirst", "One lamp.\r\n\r\n Two lamps. "), ("quotations[0].text", "We share\nwhat we have."), ("quotations[0].attribution", "withheld"));
        Assert.Equal(("Saved.", "One lamp. Two lamps."), (page.Notice, page.Document.QuerySelector(".standfirst")!.TextContent));
        Assert.Contains("We share what we have.", page.Document.QuerySelector(".prose")!.TextContent, StringComparison.Ordinal);
    }

    /// <summary>In every field, on every page that shows it.</summary>
    [Fact]
    public async Task Hostile_markup_is_inert()
    {
        const string Evil = "\"'></textarea></title><script>alert(1)</script><img src=x onerror=alert(1)>";
        var article = Draft.Full(Evil).With("standfirst", Evil).With("body", $"{Evil}\n\n[x](javascript:alert(1))\n\n<form action=/newsroom/session/sign-out><button>x</button></form>").With("topics", new JsonArray("<b>t"))
            .With("byline", new JsonObject { ["kind"] = "named", ["name"] = Evil }).With("quotations", new JsonArray(new JsonObject { ["text"] = Evil, ["attribution"] = "named", ["as"] = Evil }))
            .With("prayerPoints", new JsonObject { ["lead"] = Evil, ["points"] = new JsonArray(Evil) }).With("related", new JsonArray(new JsonObject { ["title"] = Evil, ["url"] = "https://example.org/\"><script>", ["call"] = "<script>" }));
        var id = await installed.InReview(article);
        var editor = Visitor.As(installed.Platform, Account.Editor);
        var refused = await editor.Post(await editor.Article(id, "/changes-request"), "Request changes", ("note", Evil + new string('x', 2001)));
        var noted = await editor.Press(await editor.Article(id, "/changes-request"), "Request changes", ("note", Evil));
        foreach (var page in new[] { noted, refused, await editor.Desk(), await editor.Article(id, "/edit"), await editor.Post(await editor.Article(id, "/edit"), "Save", ("headline", Evil + new string('x', 200))) })
        {
            Assert.Empty(page.Document.QuerySelectorAll("script, img, iframe, style, [onerror], [style]"));
            Assert.All(page.Document.QuerySelectorAll("a[href]").Cast<IHtmlAnchorElement>(), a => Assert.Contains(new Uri(new Uri("https://here/"), a.GetAttribute("href")).Scheme, new[] { "https", "http" }));
            Assert.All(page.Document.QuerySelectorAll(".story form, .story button"), _ => Assert.Fail("A form of its own."));
            Assert.Equal("Vigil newsroom", page.Document.QuerySelector(".mark")!.TextContent);
        }
    }
}
