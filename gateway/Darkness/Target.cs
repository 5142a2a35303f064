using System.Text.RegularExpressions;

namespace Vigil.Gateway.Darkness;

/// <summary>Which story somebody means: an article's id, or the last part of its address, where it helps with the edition or the host that it is read at.</summary>
sealed partial record Target(Guid? Article, string? Slug = null, string? Edition = null, string? Host = null)
{
    [GeneratedRegex(@"^((?<host>https?://[^/\s?#]+)?/news/(?<slug>[a-z0-9-]{1,100})|((?<host>https?://[^/\s?#]+)?/api/content/v1/editions/)?(?<edition>[a-z][a-z0-9-]{1,19})/(articles/)?(?<slug>[a-z0-9-]{1,100})|(?<slug>[a-z0-9-]{1,100}))/?([?#].*)?\z")]
    private static partial Regex Address();

    [GeneratedRegex("(^|/by-id/)(?<id>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/?([?#].*)?\\z")]
    private static partial Regex ArticleId();

    public static Target? Read(string? address)
    {
        var given = address?.Trim().ToLowerInvariant() ?? "";
        if (given.Length > 500) return null;
        if (ArticleId().Match(given) is { Success: true } id) return new(Guid.Parse(id.Groups["id"].Value));
        if (Address().Match(given) is not { Success: true } match) return null;
        var host = Uri.TryCreate(match.Groups["host"].Value, UriKind.Absolute, out var site) ? site.Host : null;
        return new(null, match.Groups["slug"].Value, match.Groups["edition"].Value is { Length: > 0 } edition ? edition : null, match.Groups["edition"].Success ? null : host);
    }
}
