using System.Globalization;
using Marten;
using Vigil.Hosting;
using Vigil.Publishing.Publications;
using Vigil.Publishing.Site;

namespace Vigil.Publishing.ContentApi;

/// <summary>Live stories, newest first, of a country, of a topic, of both.</summary>
public static class ListArticles
{
    /// <param name="Next">The cursor of the next page; null on the last.</param>
    public sealed record View(IEnumerable<ArticleItem> Items, string? Next);

    public static void Map(RouteGroupBuilder edition) => edition.MapPublic("/articles",
        async (string? country, string? topic, string? cursor, string? limit, NamedEdition named, IQuerySession session, CancellationToken ct) =>
        {
            var edition = named.Edition;
            if (country is not null && edition.Countries.Find(country) is null) return Refusals.Problem("request.bad-query", "country");
            if (topic is not null && (Slug.Of(topic).Length == 0 || topic.Any(char.IsControl))) return Refusals.Problem("request.bad-query", "topic");
            if (LimitIn(limit) is not { } length) return Refusals.Problem("request.bad-query", "limit");
            if (!Place.TryRead(cursor, out var after)) return Refusals.Problem("request.bad-cursor", "cursor");
            string[] lists =
            [
                .. country is null ? Array.Empty<string>() : [Listing.Country(edition.Key, country)],
                .. topic is null ? Array.Empty<string>() : [Listing.Topic(edition.Key, topic)],
            ];
            var stretch = await session.ReadStories(lists.FirstOrDefault() ?? Listing.All(edition.Key), after, length, bodies: true, ct, alsoIn: lists.ElementAtOrDefault(1));
            List<ArticleItem> items = [];
            foreach (var story in stretch.Stories) items.Add(await ArticleItem.Of(edition, story));
            return ArticleItem.Answer(new View(items, stretch.Next?.ToString()));
        }).Takes("country", "topic", "cursor", "limit");

    static int? LimitIn(string? limit) => limit is null ? 20
        : int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 100 ? number : null;
}
