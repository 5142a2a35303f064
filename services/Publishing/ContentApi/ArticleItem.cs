using System.Text.Json;
using Vigil.Contracts.Authoring;
using Vigil.Hosting;
using Vigil.Publishing.Countries;
using Vigil.Publishing.Publications;
using Vigil.Publishing.Site;

namespace Vigil.Publishing.ContentApi;

/// <summary>A live or retracted story as other programs see it: only what is listed here leaves.</summary>
/// <param name="Id">The article's, so the same in every edition.</param>
/// <param name="Html">The body with the quotations and calls it places; quotations it does not place follow it.</param>
/// <param name="Text"><paramref name="Html"/> without markup, a line per paragraph.</param>
public sealed record ArticleItem(
    Guid Id, long Version, string Slug, string Url, string Headline, string? Standfirst, string Html, string Text, string Language, Byline Byline,
    IEnumerable<Country> Countries, IEnumerable<string> Topics, IEnumerable<Quotation> Quotations, PrayerPoints? PrayerPoints,
    IEnumerable<ArticleItem.RelatedCall> Related, IEnumerable<object> Images, IEnumerable<Disclosure> Disclosures, IEnumerable<ArticleItem.Correction> Corrections,
    IEnumerable<object> Translations, DateTime Published, DateTime Modified, ArticleItem.Retracted? Retraction)
{
    /// <summary>What readers are told of a change, newest first.</summary>
    public sealed record Correction(DateTime At, CorrectionClass Class, string Note);

    /// <summary>Of a retracted story: when, and what readers are told. Nothing else is left of it but what says which one it was.</summary>
    public sealed record Retracted(DateTime At, string? Notice, string? Reason);

    public sealed record RelatedCall(string Title, string Url, string? Call);

    public static async Task<ArticleItem> Of(ServedEdition edition, PublicArticle story)
    {
        var text = story.Text;
        var html = await StoryBody.Render(edition, text);
        return new(
            story.Article, story.Version, story.Slug, edition.Absolute(Address.Of(story)), text.Headline, text.Standfirst, html, PlainText.Of(html), text.Language,
            text.Byline is { Kind: not BylineKind.Withheld } byline ? byline : new Byline(BylineKind.Withheld, null),
            edition.CountriesOf(text.Countries), text.Topics,
            text.Quotations.Select(q => q.Attribution is Attribution.Withheld ? q with { As = null } : q), text.PrayerPoints,
            text.Related.SelectMany(c => StoryText.WebAddress(c) is { } address ? new[] { new RelatedCall(c.Title, address, c.Text) } : []), [], text.Disclosures,
            story.Corrections.Select(c => new Correction(c.At.UtcDateTime, c.Class, c.Note)), [],
            story.Published.UtcDateTime, story.Modified.UtcDateTime, null);
    }

    public static ArticleItem Of(ServedEdition edition, RetractedArticle story) => new(
        story.Article, story.Version, story.Slug ?? "", edition.Absolute(Address.Of(story)), story.Story?.Headline ?? edition.Words.Retracted, null, "", "",
        story.Story?.Language ?? edition.Language, new Byline(BylineKind.Withheld, null), edition.CountriesOf(story.Story?.Countries ?? []), story.Story?.Topics ?? [], [], null, [], [], [], [], [],
        (story.Published ?? story.At).UtcDateTime, story.At.UtcDateTime, new(story.At.UtcDateTime, story.Notice?.Notice, story.Notice?.Reason));

    public static Answer Answer<T>(T content) => new(JsonSerializer.SerializeToUtf8Bytes(content, Json.Stored), "application/json; charset=utf-8");
}
