using System.Globalization;

namespace Vigil.Hosting;

/// <summary>
/// One story that an answer shows, as Publishing tells the gateway in a header of each of its public answers (surrogate keys): so the gateway
/// knows, without reading the page, that it shows what must not be shown any more. The header goes no further.
/// </summary>
/// <param name="Version">The article's, as shown.</param>
public sealed record Shown(Guid Article, long Version, string Edition, string Slug)
{
    public const string Header = "Vigil-Shows";
    /// <summary>An answer that shows no story says so; one without the header says nothing.</summary>
    public const string Nothing = "none";

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Article:N};{Version};{Edition};{Slug}");

    public static string Say(IReadOnlyCollection<Shown> stories) => stories.Count == 0 ? Nothing : string.Join(',', stories);

    /// <summary>Null: it says nothing, or not in this way.</summary>
    public static IReadOnlyList<Shown>? Read(IEnumerable<string> header)
    {
        var said = string.Join(',', header);
        if (said.Length == 0) return null;
        if (said == Nothing) return [];
        List<Shown> stories = [];
        foreach (var story in said.Split(','))
        {
            if (story.Split(';') is not [var id, var version, var edition, var slug] || !Guid.TryParseExact(id, "N", out var article)
                || !long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return null;
            stories.Add(new(article, number, edition, slug));
        }
        return stories;
    }
}
