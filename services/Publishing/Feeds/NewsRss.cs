using System.Globalization;
using System.Text;
using System.Xml;
using Marten;
using Vigil.Hosting;
using Vigil.Publishing.Publications;
using Vigil.Publishing.Site;

namespace Vigil.Publishing.Feeds;

/// <summary>The latest stories as RSS 2.0, whole: of the edition, of a country, of a topic.</summary>
public static class NewsRss
{
    const int Length = 50;
    static readonly TimeSpan Kept = TimeSpan.FromDays(30);
    const string Atom = "http://www.w3.org/2005/Atom";
    const string Content = "http://purl.org/rss/1.0/modules/content/";
    const string DublinCore = "http://purl.org/dc/elements/1.1/";

    public static void Map(IEndpointRouteBuilder feeds)
    {
        feeds.MapPublic("/feeds/news.rss", async (ServedEdition edition, IQuerySession session, TimeProvider clock, CancellationToken ct) =>
            await Show(edition, name: null, "/news", "/feeds/news.rss", await Latest(session, Listing.All(edition.Key), ct), await Retracted(session, edition, clock, ct)));

        feeds.MapPublic("/countries/{slug}/feeds/news.rss", async (string slug, ServedEdition edition, IQuerySession session, TimeProvider clock, CancellationToken ct) =>
            edition.Countries.FindBySlug(slug) is { } country
                ? await ShowPart(edition, country.Name, Address.Of(country), await Latest(session, Listing.Country(edition.Key, country.Code), ct),
                    (await Retracted(session, edition, clock, ct)).Where(r => r.Story?.Countries.Contains(country.Code) == true))
                : Refusals.Problem("request.not-found"));

        feeds.MapPublic("/topics/{slug}/feeds/news.rss", async (string slug, ServedEdition edition, IQuerySession session, TimeProvider clock, CancellationToken ct) =>
            await Latest(session, Listing.Topic(edition.Key, slug), ct) is var latest && latest.TopicAt(slug) is { } topic
                ? await ShowPart(edition, topic, Address.OfTopic(topic), latest, (await Retracted(session, edition, clock, ct)).Where(r => r.Story?.Topics.Any(t => Slug.Of(t) == slug) == true))
                : Refusals.Problem("request.not-found"));
    }

    static Task<Stretch> Latest(IQuerySession session, string list, CancellationToken ct) => session.ReadStories(list, after: null, Length, bodies: true, ct);

    /// <summary>RSS knows no removal: for a month a notice has the item that the story had, so that readers' programs replace their copy.</summary>
    static async Task<IReadOnlyList<RetractedArticle>> Retracted(IQuerySession session, ServedEdition edition, TimeProvider clock, CancellationToken ct)
    {
        var since = clock.GetUtcNow() - Kept;
        return [.. (await session.Query<RetractedArticle>().Where(r => r.Edition == edition.Key && r.At > since).OrderByDescending(r => r.At).Take(Length).ToListAsync(ct)).Select(r => r.Noted())];
    }

    static Task<IResult> ShowPart(ServedEdition edition, string name, string page, Stretch latest, IEnumerable<RetractedArticle> retracted) =>
        Show(edition, name, page, $"{page}/feeds/news.rss", latest, retracted);

    static async Task<IResult> Show(ServedEdition edition, string? name, string page, string self, Stretch latest, IEnumerable<RetractedArticle> retracted)
    {
        using var bytes = new MemoryStream();
        using (var xml = XmlWriter.Create(bytes, new() { Encoding = new UTF8Encoding(false), Indent = true }))
        {
            xml.WriteStartElement("rss");
            xml.WriteAttributeString("version", "2.0");
            xml.WriteAttributeString("xmlns", "atom", null, Atom);
            xml.WriteAttributeString("xmlns", "content", null, Content);
            xml.WriteAttributeString("xmlns", "dc", null, DublinCore);
            xml.WriteStartElement("channel");
            Say(xml, "title", name is null ? edition.Settings.Name : $"{name} – {edition.Settings.Name}");
            Say(xml, "link", edition.Absolute(page));
            Say(xml, "description", name is null ? edition.Words.LatestNews : $"{edition.Words.LatestNews}: {name}");
            Say(xml, "language", edition.Language);
            RetractedArticle[] notices = [.. retracted];
            if (latest.Stories.Select(s => s.Modified).Concat(notices.Select(n => n.At)).ToArray() is { Length: > 0 } changes) Say(xml, "lastBuildDate", Rfc822(changes.Max()));
            xml.WriteStartElement("link", Atom);
            xml.WriteAttributeString("rel", "self");
            xml.WriteAttributeString("type", "application/rss+xml");
            xml.WriteAttributeString("href", edition.Absolute(self));
            xml.WriteEndElement();
            foreach (var notice in notices) await Tell(xml, edition, notice);
            foreach (var story in latest.Stories) await Tell(xml, edition, story);
        }
        return new Answer(bytes.ToArray(), "application/rss+xml; charset=utf-8");
    }

    static async Task Tell(XmlWriter xml, ServedEdition edition, RetractedArticle story)
    {
        Begin(xml, story.Story is { } known ? $"{edition.Words.Retraction}: {known.Headline}" : edition.Words.Retracted, edition.Absolute(Address.Of(story)), story.Id, story.Published ?? story.At, story.At);
        Say(xml, "description", story.Notice?.Notice ?? edition.Words.RetractedBare);
        Say(xml, "encoded", await Razor.Render<FeedNotice>(new() { [nameof(FeedNotice.Edition)] = edition, [nameof(FeedNotice.Story)] = story }), Content);
        xml.WriteEndElement();
    }

    /// <param name="changed">RSS has no word of its own for it.</param>
    static void Begin(XmlWriter xml, string title, string link, Guid publication, DateTimeOffset published, DateTimeOffset changed)
    {
        xml.WriteStartElement("item");
        Say(xml, "title", title);
        Say(xml, "link", link);
        xml.WriteStartElement("guid");
        xml.WriteAttributeString("isPermaLink", "false");
        xml.WriteString($"urn:uuid:{publication}");
        xml.WriteEndElement();
        Say(xml, "pubDate", Rfc822(published));
        if (changed != published) Say(xml, "updated", changed.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture), Atom);
    }

    static async Task Tell(XmlWriter xml, ServedEdition edition, PublicArticle story)
    {
        Begin(xml, StoryText.Title(edition, story.Text), edition.Absolute(Address.Of(story)), story.Id, story.Published, story.Modified);
        Say(xml, "creator", StoryText.Author(edition, story.Text) ?? edition.Settings.Name, DublinCore);
        foreach (var category in edition.CountriesOf(story.Text.Countries).Select(c => c.Name).Concat(story.Text.Topics)) Say(xml, "category", category);
        if (StoryText.Description(story.Text) is { } description) Say(xml, "description", description);
        Say(xml, "encoded", await Razor.Render<FeedStory>(new() { [nameof(FeedStory.Edition)] = edition, [nameof(FeedStory.Story)] = story }), Content);
        xml.WriteEndElement();
    }

    static void Say(XmlWriter xml, string element, string text, string? space = null) => xml.WriteElementString(element, space, Legal(text));

    static string Rfc822(DateTimeOffset instant) => instant.UtcDateTime.ToString("ddd, dd MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture);

    // XML has no way at all to write some characters (XML 1.0, section 2.2).
    static string Legal(string text) => text.All(XmlConvert.IsXmlChar) ? text
        : string.Concat(text.EnumerateRunes().Where(r => r.Value is '\t' or '\n' or '\r' or >= 0x20 and not (0xfffe or 0xffff)));
}
