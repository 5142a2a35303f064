using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Vigil.Contracts.Authoring;
using Vigil.Kit;

namespace Vigil.Publishing.Tests.Site;

/// <summary>What readers of an edition see.</summary>
public sealed partial class SiteTests(Installed installed)
{
    const string Attack = "</script><script>alert(1)</script>\"'&<img src=x onerror=alert(1)>";

    Platform Platform => installed.Platform;

    /// <summary>Stories of an edition of their own, the newest last, each a minute younger than the one before.</summary>
    async Task<(string Edition, ArticleReleased[] Stories)> Edition(int stories, Func<ArticleReleased, int, ArticleReleased>? change = null)
    {
        var edition = await installed.NewEdition();
        var all = Enumerable.Range(0, stories).Select(i => (Story: Installed.Story(edition), i)).Select(s => s.Story with { FirstPublished = s.Story.FirstPublished.AddMinutes(s.i - stories) })
            .Select((s, i) => change?.Invoke(s, i) ?? s).ToArray();
        await Task.WhenAll(all.Select(s => Platform.Wire.Publish(s)));
        await Task.WhenAll(all.Select(installed.Shown));
        return (edition, all);
    }

    [GeneratedRegex("<a rel=\"next\" href=\"([^\"]+)\">")]
    private static partial Regex NextPage();

    [GeneratedRegex("<h[23][^>]*>\\s*<a href=\"(/news/[^\"]+)\"")]
    private static partial Regex Line();

    async Task<List<string>> Pages(string edition, string path, int length)
    {
        List<string> lines = [];
        while (true)
        {
            var page = (await Platform.Get(edition, path)).Must(200).Text;
            var shown = Line().Matches(page).Select(m => m.Groups[1].Value).ToArray();
            lines.AddRange(shown);
            if (NextPage().Match(page) is not { Success: true } next) return lines;
            Assert.Equal(length, shown.Length);
            path = next.Groups[1].Value;
        }
    }

    [Fact]
    public async Task Lists_show_every_story_once_newest_first_and_each_story_where_it_belongs()
    {
        var moment = DateTimeOffset.UtcNow.AddHours(-3);
        var (edition, stories) = await Edition(60, (s, i) => s with
        {
            // Some at the very same moment.
            FirstPublished = i is >= 20 and < 30 ? moment : s.FirstPublished,
            Text = s.Text with { Countries = i % 2 == 0 ? ["KP", "ER"] : [], Topics = i % 3 == 0 ? ["Neighbours & friends"] : [] },
        });
        static string Path(ArticleReleased story) => $"/news/{story.Text.Slug}";
        var news = await Pages(edition, "/news", 20);
        Assert.Equal(stories.Select(Path).Order(), news.Order());
        Assert.Equal(stories.Where(s => s.FirstPublished != moment).OrderByDescending(s => s.FirstPublished).Select(Path), news[..50]);
        Assert.Equal(stories.Where((_, i) => i % 2 == 0).Select(Path).Order(), (await Pages(edition, "/countries/north-korea", 20)).Order());
        Assert.Equal(stories.Where((_, i) => i % 3 == 0).Select(Path).Order(), (await Pages(edition, "/topics/neighbours-friends", 20)).Order());

        foreach (var (query, limit, expected) in new (string, int, Func<int, bool>)[]
                 {
                     ("", 20, _ => true), ("limit=7", 7, _ => true), ("limit=100", 100, _ => true), ("country=KP&limit=9", 9, i => i % 2 == 0), ("topic=neighbours-friends", 20, i => i % 3 == 0),
                     ("country=ER&topic=Neighbours%20%26%20friends&limit=4", 4, i => i % 6 == 0),
                 })
        {
            List<Guid> ids = [];
            string? cursor = null;
            do
            {
                var page = (await Platform.Get(edition, $"/api/content/v1/editions/{edition}/articles?{query}{(cursor is null ? "" : $"&cursor={cursor}")}")).Must(200);
                ids.AddRange(page["items"].EnumerateArray().Select(a => a.GetProperty("id").GetGuid()));
                cursor = page["next"].GetString();
                Assert.True(cursor is null || page["items"].GetArrayLength() == limit);
            } while (cursor is not null);
            Assert.Equal(stories.Where((_, i) => expected(i)).Select(s => s.ArticleId).Order(), ids.Order());
        }

        var countries = (await Platform.Get(edition, $"/api/content/v1/editions/{edition}/countries")).Must(200)["items"].EnumerateArray().ToArray();
        Assert.Equal(["Eritrea", "North Korea"], countries.Select(c => c.GetProperty("name").GetString()!));
        Assert.Contains("/countries/north-korea", (await Platform.Get(edition, "/countries")).Must(200).Text, StringComparison.Ordinal);
        foreach (var (feed, count) in new[] { ("/feeds/news.rss", 50), ("/countries/eritrea/feeds/news.rss", 30), ("/topics/neighbours-friends/feeds/news.rss", 20) })
            Assert.Equal(count, XDocument.Parse((await Platform.Get(edition, feed)).Must(200).Text).Descendants("item").Count());
    }

    [Theory]
    [InlineData("/nothing"), InlineData("/news/there-never-was-one"), InlineData("/news/a/b"), InlineData("/countries/atlantis"), InlineData("/topics/there-never-was-one"), InlineData("/news?after=canary-q7x"),
     InlineData("/news?after="), InlineData("/countries/eritrea?after=canary-q7x"), InlineData("/news/%ff"), InlineData("/news/..%2f..%2fetc"), InlineData("/topics/%F0%9F%98%80"),
     InlineData("/countries/canary-q7x%3Cscript%3E")]
    public async Task What_is_not_there_is_the_same_page_everywhere(string path)
    {
        var reply = (await Platform.Get("au", path)).Must(404);
        Assert.Equal(("no-store", (await Platform.Get("au", "/no/such/page")).Text), (reply.Headers["Cache-Control"], reply.Text));
    }

    [Fact]
    public async Task The_host_says_the_edition()
    {
        var story = Installed.Story("de");
        var address = await installed.Show(story);
        Assert.Contains("<html lang=\"de\"", (await Platform.Get("de", address)).Must(200).Text, StringComparison.Ordinal);
        Assert.Contains("<html lang=\"en\"", (await Platform.Get("au", address)).Must(404).Text, StringComparison.Ordinal);
        foreach (var path in new[] { "/", "/news", address, "/feeds/news.rss", "/robots.txt", "/nothing" }) (await Platform.Get("nowhere", path)).MustBe(421, "edition.unknown-host");
        Assert.Contains(story.Text.Headline, (await Platform.Send(new(HttpMethod.Get, Platform.At("/news", "DE.localhost.")))).Must(200).Text, StringComparison.Ordinal);
        foreach (var method in new[] { HttpMethod.Post, HttpMethod.Put, HttpMethod.Delete }) (await Platform.Send(new(method, Platform.At(address, "de.localhost")))).MustBe(405, "request.method-not-allowed");
    }

    static HttpRequestMessage Asking(HttpMethod method, Uri address, string? seen)
    {
        var request = new HttpRequestMessage(method, address);
        if (seen is not null) request.Headers.TryAddWithoutValidation("If-None-Match", seen);
        return request;
    }

    [Fact]
    public async Task Who_has_seen_an_answer_is_told_whether_it_still_stands()
    {
        var (edition, stories) = await Edition(1);
        var story = stories[0];
        string[] paths = ["/", "/news", $"/news/{story.Text.Slug}", "/feeds/news.rss", $"/api/content/v1/editions/{edition}/articles", $"/api/content/v1/editions/{edition}/articles/{story.Text.Slug}"];
        var tags = new Dictionary<string, string>();
        foreach (var path in paths)
        {
            var address = Platform.At(path, $"{edition}.localhost");
            var full = (await Platform.Send(new(HttpMethod.Get, address))).Must(200);
            Assert.Equal("public, must-revalidate, max-age=0", full.Headers["Cache-Control"]);
            tags[path] = full.ETag!;
            foreach (var seen in new[] { full.ETag, $"W/{full.ETag}", $"\"other\", {full.ETag}", "*" })
                foreach (var method in new[] { HttpMethod.Get, HttpMethod.Head })
                {
                    var kept = (await Platform.Send(Asking(method, address, seen))).Must(304);
                    Assert.Equal(("", full.ETag), (kept.Text, kept.ETag));
                }
            foreach (var seen in new[] { null, "\"other\"", "nonsense" }) Assert.Equal(full.Text, (await Platform.Send(Asking(HttpMethod.Get, address, seen))).Must(200).Text);
            var head = (await Platform.Send(new(HttpMethod.Head, address))).Must(200);
            Assert.Equal(("", full.ETag, full.Headers["Content-Length"], full.Headers["Content-Type"]), (head.Text, head.ETag, head.Headers["Content-Length"], head.Headers["Content-Type"]));
        }
        await installed.Show(story with { Version = 5, At = story.At.AddMinutes(1), TextHash = $"{Guid.NewGuid():N}", Text = story.Text with { Headline = "Another" } });
        foreach (var path in paths) Assert.Contains("Another", (await Platform.Send(Asking(HttpMethod.Get, Platform.At(path, $"{edition}.localhost"), tags[path]))).Must(200).Text, StringComparison.Ordinal);
    }

    [GeneratedRegex("<script type=\"application/ld\\+json\">(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Data();

    [Fact]
    public async Task Words_are_words_wherever_they_are_shown()
    {
        var (edition, stories) = await Edition(1, (s, _) => s with
        {
            Text = new()
            {
                Headline = $"{Attack} headline\u0001", Standfirst = Attack, Body = [new("<p>Safe <em>words</em> &amp; more</p>", null, null), new(null, Part.Quotation, 1)], Language = "en", Slug = s.Text.Slug,
                Byline = new(BylineKind.Named, Attack), Countries = ["KP"], Topics = [$"topic {Attack}"], Quotations = [new(Attack, Attribution.Described, Attack), new("Second", Attribution.Withheld, "never said")],
                PrayerPoints = new(Attack, [Attack, "Third point"]), Related = [new(Attack, "javascript:alert(1)", Attack), new("Good", "https://example.org/?a=1&b=\"><script>", null)], Disclosures = [Disclosure.NamesChanged],
            },
        });
        var slug = stories[0].Text.Slug;
        foreach (var path in new[] { $"/news/{slug}", "/news", "/", "/countries/north-korea" })
        {
            var page = (await Platform.Get(edition, path)).Must(200).Text;
            Assert.DoesNotContain("<script>", page, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("<img", page, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("javascript:", page, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("never said", page, StringComparison.Ordinal);
            Assert.Contains("&lt;img src=x onerror=alert(1)&gt;", page, StringComparison.Ordinal);
        }
        var story = (await Platform.Get(edition, $"/news/{slug}")).Text;
        Assert.Contains("<p>Safe <em>words</em> &amp; more</p>", story, StringComparison.Ordinal);
        var data = JsonDocument.Parse(Assert.Single(Data().Matches(story)).Groups[1].Value).RootElement;
        Assert.Equal((stories[0].Text.Headline, Attack, Attack), (data.GetProperty("headline").GetString(), data.GetProperty("description").GetString(), data.GetProperty("author").GetProperty("name").GetString()));

        var item = (await Platform.Get(edition, $"/api/content/v1/editions/{edition}/articles/{slug}")).Must(200);
        Assert.Equal(stories[0].Text.Headline, item["headline"].GetString());
        Assert.DoesNotContain("<script>", item["html"].GetString(), StringComparison.Ordinal);
        Assert.StartsWith("Safe words & more\n", item["text"].GetString(), StringComparison.Ordinal);
        Assert.Equal("https://example.org/?a=1&b=%22%3E%3Cscript%3E", Assert.Single(item["related"].EnumerateArray()).GetProperty("url").GetString());
        Assert.DoesNotContain("never said", item.Text, StringComparison.Ordinal);

        var feed = XDocument.Parse((await Platform.Get(edition, "/feeds/news.rss")).Must(200).Text);
        var told = Assert.Single(feed.Descendants("item"));
        Assert.Equal($"North Korea | {Attack} headline", told.Element("title")!.Value);
        var html = told.Element(XName.Get("encoded", "http://purl.org/rss/1.0/modules/content/"))!.Value;
        foreach (var part in new[] { "<p>Safe <em>words</em> &amp; more</p>", "Second", "Third point", "Good" }) Assert.Contains(part, html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("javascript:", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_feed_is_RSS_with_whole_stories()
    {
        var (edition, stories) = await Edition(3);
        var reply = (await Platform.Get(edition, "/feeds/news.rss")).Must(200);
        Assert.Equal("application/rss+xml; charset=utf-8", reply.Headers["Content-Type"]);
        var channel = XDocument.Parse(reply.Text).Root!.Element("channel")!;
        Assert.Equal(($"Vigil {edition}", $"https://{edition}.example.org/news", "en"), (channel.Element("title")!.Value, channel.Element("link")!.Value, channel.Element("language")!.Value));
        Assert.Equal(stories.Reverse().Select(s => ($"https://{edition}.example.org/news/{s.Text.Slug}", s.Text.Headline, s.FirstPublished.ToUnixTimeSeconds())),
            channel.Elements("item").Select(i => (i.Element("link")!.Value, i.Element("title")!.Value, DateTimeOffset.Parse(i.Element("pubDate")!.Value, CultureInfo.InvariantCulture).ToUnixTimeSeconds())));
        Assert.Equal(3, channel.Elements("item").Select(i => i.Element("guid")!.Value).Distinct().Count());
    }
}
