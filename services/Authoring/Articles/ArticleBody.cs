using System.Collections.Frozen;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using AngleSharp;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Ganss.Xss;
using Markdig;
using Markdig.Renderers;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Vigil.Hosting;

namespace Vigil.Authoring.Articles;

public enum Part { Quotation, Image, Call }

/// <summary>A stretch of safe HTML, or a part placed by name.</summary>
public sealed record BodyBlock(string? Html, Part? Part = null, int? Number = null);

/// <summary>From CommonMark to what readers may see. Only listed tags and attributes pass; links are absolute http, https or mailto.</summary>
public static partial class ArticleBody
{
    const int Deepest = 64;
    const int MostOpen = 500;
    const int MostTags = 20_000;
    const int LongestParagraph = 20_000;
    const int MostRounds = 5;

    static readonly MarkdownPipeline CommonMark = new MarkdownPipelineBuilder().UsePipeTables().Build();

    [GeneratedRegex(@"^\{(?<part>quotation|image|call) (?<number>[1-9][0-9]?)\}$")]
    private static partial Regex Placement();

    public static IReadOnlyList<Fault> Faults(ArticleText text)
    {
        if (HasLongParagraph(text.Body)) return [new("article.too-heavy", "body")];
        IReadOnlyList<BodyBlock> blocks;
        try { blocks = Render(text.Body); }
        catch (TooMuchException e) { return [new(e.Message, "body")]; }
        // The parser's own bound.
        catch (ArgumentException) { return [new("article.too-deep", "body")]; }
        List<Fault> faults = [];
        var placed = blocks.Where(b => b.Part is not null).Select(b => (b.Part, b.Number)).ToArray();
        if (placed.Distinct().Count() != placed.Length) faults.Add(new("article.part-placed-twice", "body"));
        foreach (var (part, number) in placed)
        {
            var there = part switch { Part.Quotation => text.Quotations?.Count, Part.Call => text.Related?.Count, _ => text.Images?.Count } ?? 0;
            if (number > there) { faults.Add(new("article.unknown-part", "body")); break; }
        }
        return faults;
    }

    public static IReadOnlyList<BodyBlock> Render(string commonMark)
    {
        var document = Markdown.Parse(commonMark, CommonMark);
        foreach (var heading in document.Descendants<HeadingBlock>()) heading.Level = Math.Clamp(heading.Level + (heading.Level == 1 ? 1 : 0), 2, 4);
        // The body has no pictures of its own: what a picture says in words stays.
        foreach (var image in document.Descendants<LinkInline>().Where(l => l.IsImage).ToArray())
        {
            var words = new EmphasisInline { DelimiterChar = '*', DelimiterCount = 1 };
            while (image.FirstChild is { } child) { child.Remove(); words.AppendChild(child); }
            if (words.FirstChild is null) image.Remove(); else image.ReplaceBy(words);
        }

        List<BodyBlock> blocks = [];
        using var html = new StringWriter(CultureInfo.InvariantCulture);
        var renderer = new HtmlRenderer(html);
        CommonMark.Setup(renderer);
        foreach (var block in document)
        {
            if (PlacementIn(block) is not { } part) { renderer.Render(block); continue; }
            Flush();
            blocks.Add(part);
        }
        Flush();
        return blocks;

        void Flush()
        {
            renderer.Writer.Flush();
            var safe = Sanitise(html.ToString());
            html.GetStringBuilder().Clear();
            if (safe.Length > 0) blocks.Add(new BodyBlock(safe));
        }
    }

    static BodyBlock? PlacementIn(Markdig.Syntax.Block block) =>
        block is ParagraphBlock { Inline: { FirstChild: LiteralInline { NextSibling: null } only } } && Placement().Match(only.Content.ToString()) is { Success: true } match
            ? new(null, Enum.Parse<Part>(match.Groups["part"].Value, ignoreCase: true), int.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture))
            : null;

    static readonly FrozenSet<string> Tags = new[]
    {
        "p", "h2", "h3", "h4", "blockquote", "ul", "ol", "li", "a", "em", "strong", "i", "b", "br", "hr", "code", "pre", "sub", "sup", "abbr", "del", "ins",
        "table", "thead", "tbody", "tr", "th", "td", "dl", "dt", "dd", "cite", "q",
    }.ToFrozenSet();

    // Their content is no text for readers; of any other unlisted tag the content stays.
    static readonly FrozenSet<string> Silenced = new[]
    {
        "script", "style", "iframe", "object", "embed", "noscript", "template", "svg", "math", "select", "textarea", "title", "head", "noembed", "noframes",
        "xmp", "plaintext", "audio", "video", "canvas", "frameset",
    }.ToFrozenSet();

    static string Sanitise(string html)
    {
        if (string.IsNullOrWhiteSpace(html)) return "";
        RefuseHeavy(html);
        var sanitiser = new HtmlSanitizer(new HtmlSanitizerOptions
        {
            AllowedTags = Tags.ToHashSet(),
            AllowedAttributes = new HashSet<string> { "href", "title", "lang", "dir", "start", "colspan", "rowspan" },
            AllowedSchemes = new HashSet<string> { "http", "https", "mailto" },
            UriAttributes = new HashSet<string> { "href" },
            AllowedCssProperties = new HashSet<string>(),
        }) { KeepChildNodes = true };
        sanitiser.RemovingTag += (_, e) => { if (Silenced.Contains(e.Tag.LocalName)) e.Tag.TextContent = ""; };
        sanitiser.FilterUrl += (_, e) => e.SanitizedUrl = ArticleText.IsWebAddress(e.OriginalUrl) || IsMailAddress(e.OriginalUrl) ? e.OriginalUrl : null;
        sanitiser.PostProcessNode += (_, e) => { if (e.Node is IHtmlAnchorElement a && a.HasAttribute("href")) a.SetAttribute("rel", "noopener noreferrer"); };
        var document = new AngleSharp.Html.Parser.HtmlParser().ParseDocument("");
        var body = document.Body!;
        body.InnerHtml = html;
        RefuseDepth(body);
        var safe = html;
        // A tree that tags were taken from may be no tree that a parser builds (a link within a link): a browser would make other markup of it than was looked at here.
        for (var rounds = 0; rounds < MostRounds; rounds++)
        {
            safe = sanitiser.Sanitize(safe).Trim();
            body.InnerHtml = safe;
            if (body.ChildNodes.ToHtml(sanitiser.OutputFormatter) == safe) return safe;
        }
        return $"<p>{WebUtility.HtmlEncode(body.TextContent)}</p>";
    }

    static bool IsMailAddress(string url) => url.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase) && url.Length <= 260 && !url.Contains('?') && !url.Contains('%');

    // The time that links take grows with the square of their paragraph.
    static bool HasLongParagraph(string commonMark)
    {
        var length = 0;
        foreach (var line in commonMark.AsSpan().EnumerateLines())
            if (line.IsWhiteSpace()) length = 0;
            else if ((length += line.Length + 1) > LongestParagraph) return true;
        return false;
    }

    [GeneratedRegex("<(?<end>/)?(?<name>[a-zA-Z][^\\s/>]*)")]
    private static partial Regex Tag();

    // The time that the sanitiser takes grows with the square of the depth and of the number of elements, so what has too much of them never reaches it.
    static void RefuseHeavy(string html)
    {
        var open = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        var (all, tags) = (0, 0);
        foreach (Match tag in Tag().Matches(html))
        {
            var name = tag.Groups["name"].Value;
            var many = open.GetValueOrDefault(name);
            if (!tag.Groups["end"].Success && !Empty.Contains(name)) { open[name] = many + 1; all++; }
            else if (many > 0) { open[name] = many - 1; all--; }
            if (all > MostOpen) throw new TooMuchException("article.too-deep");
            if (++tags > MostTags) throw new TooMuchException("article.too-heavy");
        }
    }

    static readonly FrozenSet<string> Empty = new[]
    {
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    // Walks without recursion, since what it guards against is a tree too deep for recursion.
    static void RefuseDepth(INode root)
    {
        var waiting = new Stack<(INode Node, int Depth)>([(root, 0)]);
        while (waiting.TryPop(out var next))
            foreach (var child in next.Node.ChildNodes)
                if (next.Depth > Deepest) throw new TooMuchException("article.too-deep");
                else waiting.Push((child, next.Depth + 1));
    }

    sealed class TooMuchException(string code) : Exception(code);
}
