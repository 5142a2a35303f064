using System.Text.Json;
using System.Text.Json.Serialization;
using Vigil.Contracts.Authoring;
using Vigil.Publishing.Publications;

namespace Vigil.Publishing.Site;

/// <summary>What search engines read: schema.org NewsArticle as JSON-LD.</summary>
public static class StoryData
{
    // The encoder stays the default one: it leaves no character that could end the script element.
    static readonly JsonSerializerOptions Json = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public static string Of(ServedEdition edition, PublicArticle story)
    {
        var url = edition.Absolute(Address.Of(story));
        var organisation = Organisation(edition);
        return JsonSerializer.Serialize(new Dictionary<string, object?>
        {
            ["@context"] = "https://schema.org",
            ["@type"] = "NewsArticle",
            ["@id"] = url,
            ["mainEntityOfPage"] = url,
            ["headline"] = story.Text.Headline,
            ["description"] = StoryText.Description(story.Text),
            ["inLanguage"] = story.Text.Language,
            ["datePublished"] = edition.Instant(story.Published),
            ["dateModified"] = edition.Instant(story.Modified),
            ["correction"] = story.Corrections is { Count: > 0 } corrections ? corrections.Select(c => Comment(edition, c.Note, c.At)).ToArray() : null,
            ["articleSection"] = edition.CountriesOf(story.Text.Countries).Select(c => c.Name).ToArray() is { Length: > 0 } countries ? countries : null,
            ["keywords"] = story.Text.Topics is { Count: > 0 } topics ? topics : null,
            ["isAccessibleForFree"] = true,
            ["author"] = story.Text.Byline is { Kind: BylineKind.Named, Name: { } name } ? new Dictionary<string, object?> { ["@type"] = "Person", ["name"] = name } : organisation,
            ["publisher"] = organisation,
        }, Json);
    }

    /// <summary>Of a retracted story: that it is, and why.</summary>
    public static string Of(ServedEdition edition, RetractedArticle story) => JsonSerializer.Serialize(new Dictionary<string, object?>
    {
        ["@context"] = "https://schema.org",
        ["@type"] = "NewsArticle",
        ["@id"] = story.Slug is null ? null : edition.Absolute(Address.Of(story)),
        ["headline"] = story.Story?.Headline,
        ["inLanguage"] = story.Story?.Language,
        ["creativeWorkStatus"] = "Retracted",
        ["datePublished"] = story.Published is { } published ? edition.Instant(published) : null,
        ["dateModified"] = edition.Instant(story.At),
        ["correction"] = story.Notice is { } notice
            ? Comment(edition, string.Join('\n', new[] { notice.Notice, notice.Reason }.OfType<string>()), story.At)
            : null,
        ["publisher"] = Organisation(edition),
    }, Json);

    static Dictionary<string, object?> Comment(ServedEdition edition, string words, DateTimeOffset at) => new()
    {
        ["@type"] = "CorrectionComment", ["text"] = words, ["datePublished"] = edition.Instant(at),
    };

    static Dictionary<string, object?> Organisation(ServedEdition edition) => new()
    {
        ["@type"] = "NewsMediaOrganization", ["name"] = edition.Settings.Name, ["url"] = edition.Settings.BaseAddress,
    };
}
