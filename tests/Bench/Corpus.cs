using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Vigil.Kit;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace Vigil.Bench;

/// <summary>
/// Real posts through the public API, one after the other: draft, submit, approve, publish; then looked for wherever readers look. Where
/// the posts are not there, the demonstration's stories.
/// </summary>
static partial class Corpus
{
    sealed record Post(string Name, JsonObject Article);

    sealed record Published(string Slug, string Headline, double Visible);

    [GeneratedRegex(@"\A---\r?\n(?<head>.*?)\r?\n---\r?\n(?<body>.*)\z", RegexOptions.Singleline)]
    private static partial Regex FrontMatter();

    [GeneratedRegex("href=\"/news/(?<slug>[^\"?]+)\"")]
    private static partial Regex StoryLink();

    [GeneratedRegex("href=\"(?<next>/news\\?[^\"]+)\"")]
    private static partial Regex OlderPage();

    [GeneratedRegex(@"<(?!/?(a|abbr|article|aside|b|blockquote|body|br|button|caption|cite|code|dd|del|div|dl|dt|em|figcaption|figure|footer|h[1-6]|head|header|hr|html|i|kbd|li|link|main|mark|meta|nav|ol|p|pre|q|s|samp|script|section|small|span|strong|sub|sup|table|tbody|td|tfoot|th|thead|time|title|tr|u|ul|var)\b)[a-z][^>]*>")]
    private static partial Regex UnexpectedTag();

    public static async Task Run(Platform platform, TextWriter report)
    {
        var posts = Read(out var source);
        var reader = await new Reader(platform, "au").Confirmed();
        List<Published> published = [];
        List<string> refused = [], odd = [];
        var watch = Stopwatch.StartNew();
        foreach (var (name, article) in posts)
        {
            var drafted = await platform.As(Account.Writer).Draft(article);
            if (drafted.Status != 201)
            {
                refused.Add($"{name}: {drafted.Status} {drafted.Code}{(drafted.Body.TryGetProperty("field", out var field) ? $" ({field})" : "")}");
                continue;
            }
            await Step(platform.As(Account.Writer).Submit(drafted.Id));
            await Step(platform.As(Account.Editor).Approve(drafted.Id));
            var since = Stopwatch.GetTimestamp();
            await Step(platform.As(Account.Publisher).Publish(drafted.Id));
            var headline = (string)article["headline"]!;
            var item = await Wait.Until(() => platform.Send(new(HttpMethod.Get, platform.At($"/api/content/v1/editions/au/articles/by-id/{drafted.Id}"))), r => r.Status == 200, $"{name} in the content API");
            var slug = item["slug"].GetString()!;
            var page = await platform.Get("au", $"/news/{slug}");
            published.Add(new(slug, headline, Stopwatch.GetElapsedTime(since).TotalMilliseconds));
            if (page.Status != 200 || !WebUtility.HtmlDecode(page.Text).Contains(headline, StringComparison.Ordinal)) throw new InvalidOperationException($"The page of {name} is not there.");
            if (!(await platform.Get("au", "/feeds/news.rss")).Text.Contains($"/news/{slug}<", StringComparison.Ordinal)) throw new InvalidOperationException($"{name} is not in the feed.");
            if (UnexpectedTag().Match(page.Text) is { Success: true } tag) odd.Add($"{name}: {tag.Value}");
            if (published.Count % 25 == 0) await Console.Error.WriteLineAsync($"{published.Count} of {posts.Count} published, {refused.Count} refused");
        }
        var took = watch.Elapsed;

        var listed = await Listed(platform);
        var inApi = await InApi(platform);
        var feed = XDocument.Parse((await platform.Get("au", "/feeds/news.rss")).Text);
        var mails = await Wait.Until(() => Task.FromResult(reader.News), n => n.Count >= published.Count, "a mail for each story", TimeSpan.FromMinutes(2));
        var slugs = published.Select(p => p.Slug).ToHashSet();
        var visible = published.Select(p => p.Visible).Order().ToArray();

        await report.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"""
            {source}: {posts.Count} posts, one after the other, each drafted, submitted, approved, published and looked for in {took.TotalSeconds:0} s.

            | | |
            |---|---|
            | published | {published.Count} |
            | refused, each with its reason below | {refused.Count} |
            | pages answering 200 and in the feed at once | {published.Count} |
            | in the list of all news, by its pages | {listed.Count(slugs.Contains)} (and {listed.Count(s => !slugs.Contains(s))} others, {listed.Count - listed.Distinct().Count()} twice) |
            | in the content API, by its cursor | {inApi.Count(slugs.Contains)} (and {inApi.Count(s => !slugs.Contains(s))} others, {inApi.Count - inApi.Distinct().Count()} twice) |
            | items of the feed at the end | {feed.Descendants("item").Count()} |
            | mails to one reader | {mails.Count}, {mails.Select(m => m.Header("Message-ID")).Distinct().Count()} different |
            | publish asked for → in the API and on its page | p50 {visible[visible.Length / 2]:0} ms, p99 {visible[(int)(visible.Length * 0.99)]:0} ms |
            | tags on pages that are none of ours | {odd.Count} |

            """));
        foreach (var line in refused.Concat(odd)) await report.WriteLineAsync($"- {line}");
    }

    static async Task Step(Task<Reply> step)
    {
        var reply = await step;
        if (reply.Status != 200) throw new InvalidOperationException($"{reply.Status}: {reply.Text}");
    }

    static async Task<List<string>> Listed(Platform platform)
    {
        List<string> slugs = [];
        for (var path = "/news"; path is not null;)
        {
            var page = (await platform.Get("au", path)).Text;
            slugs.AddRange(StoryLink().Matches(page).Select(m => Uri.UnescapeDataString(m.Groups["slug"].Value)).Distinct());
            path = OlderPage().Match(page) is { Success: true } older ? WebUtility.HtmlDecode(older.Groups["next"].Value) : null;
        }
        return slugs;
    }

    static async Task<List<string>> InApi(Platform platform)
    {
        List<string> slugs = [];
        for (var cursor = ""; cursor is not null;)
        {
            var page = (await platform.Send(new(HttpMethod.Get, platform.At($"/api/content/v1/editions/au/articles?limit=100{cursor}")))).Body;
            slugs.AddRange(page.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("slug").GetString()!));
            cursor = page.GetProperty("next").GetString() is { } next ? $"&cursor={next}" : null;
        }
        return slugs;
    }

    static List<Post> Read(out string source)
    {
        var shared = Path.Combine(Approved.Root, "..", "shared", "data", "articles-markdown");
        if (Directory.Exists(shared))
        {
            source = "The shared Markdown posts";
            return [.. Directory.EnumerateFiles(shared, "*.md").Order(StringComparer.Ordinal).Select(Convert)];
        }
        source = "The demonstration's stories";
        return [.. Directory.EnumerateFiles(Path.Combine(Approved.Root, "deploy", "demonstration", "stories"), "*.json").Order(StringComparer.Ordinal)
            .Select(f => new Post(Path.GetFileName(f), JsonNode.Parse(File.ReadAllText(f))!.AsObject().With("editions", new JsonArray("au", "de"))))];
    }

    /// <summary>As any script would: what the front matter says goes where it belongs, the body goes as it is.</summary>
    static Post Convert(string file)
    {
        var parts = FrontMatter().Match(File.ReadAllText(file));
        var head = Regex.Split(parts.Groups["head"].Value, @"^(?=[\w-]+:)", RegexOptions.Multiline).SelectMany(Member).ToDictionary(m => m.Key, m => m.Value);
        string? Text(string key) => head.GetValueOrDefault(key) is string { Length: > 0 } text ? Regex.Replace(text.Trim(), @"\s+", " ") : null;
        string[] List(string key) => head.GetValueOrDefault(key) is IEnumerable<object> list ? [.. list.OfType<string>().Select(t => t.Trim()).Where(t => t.Length > 0).Distinct()] : [];
        var authors = List("authors");
        var article = new JsonObject { ["body"] = parts.Groups["body"].Value, ["language"] = "en", ["editions"] = new JsonArray("au", "de") }
            .With("headline", Text("title")).With("standfirst", Text("excerpt") ?? Text("description"))
            .With("byline", authors.Length > 0 ? new JsonObject { ["kind"] = "named", ["name"] = string.Join(", ", authors) } : new JsonObject { ["kind"] = "desk" })
            .With("topics", new JsonArray([.. List("tags").Select(t => (JsonNode)t)]));
        return new(Path.GetFileName(file), article);
    }

    /// <summary>One member of the front matter; a quarter of the posts has one that is no YAML, and whose text is plain to see.</summary>
    static Dictionary<string, object?> Member(string yaml)
    {
        try { return new DeserializerBuilder().Build().Deserialize<Dictionary<string, object?>?>(new MergingParser(new Parser(new StringReader(yaml)))) ?? []; }
        catch (YamlException) { return new() { [yaml.Split(':')[0]] = yaml[(yaml.IndexOf(':') + 1)..].Trim(' ', '\n', '\r', '"', '>', '|', '-') }; }
    }
}
