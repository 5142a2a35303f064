using Vigil.Publishing.Countries;
using Vigil.Publishing.Publications;

namespace Vigil.Publishing.Site;

/// <summary>The paths of the pages that stand for something. Names in other scripts are percent-encoded, as addresses have to be.</summary>
public static class Address
{
    public static string Of(PublicArticle story) => $"/news/{story.Slug}";
    /// <summary>The front page, where its own address has no words any more.</summary>
    public static string Of(RetractedArticle story) => OfPast(story.Slug);
    public static string Of(CorrectionLine line) => OfPast(line.Slug);
    public static string Of(Country country) => $"/countries/{Uri.EscapeDataString(country.Slug)}";
    static string OfPast(string? slug) => slug is null ? "/" : $"/news/{slug}";
    public static string OfTopic(string topic) => $"/topics/{Uri.EscapeDataString(Slug.Of(topic))}";
}
