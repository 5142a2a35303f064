using Marten;
using Vigil.Publishing.Countries;
using Vigil.Publishing.Site;

namespace Vigil.Publishing.ContentApi;

/// <summary>The countries that have stories, by name.</summary>
public static class ListCountries
{
    public sealed record View(IEnumerable<Item> Items);

    /// <param name="Latest">When its newest story was published.</param>
    public sealed record Item(string Code, string Name, string Slug, DateTime Latest);

    public static void Map(RouteGroupBuilder edition) => edition.MapPublic("/countries", async (NamedEdition named, IQuerySession session, CancellationToken ct) =>
        ArticleItem.Answer(new View((await session.ReadCountries(named.Edition, ct)).OrderBy(c => c.Country.Name, named.Edition.ByName)
            .Select(c => new Item(c.Country.Code, c.Country.Name, c.Country.Slug, c.Latest.UtcDateTime))))).Takes();
}
