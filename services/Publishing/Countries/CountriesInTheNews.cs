using Marten;
using Vigil.Publishing.Publications;
using Vigil.Publishing.Site;

namespace Vigil.Publishing.Countries;

/// <summary>A country with stories, and when its latest was published.</summary>
public sealed record CountryInTheNews(Country Country, DateTimeOffset Latest);

public static class CountriesInTheNews
{
    /// <summary>One probe of the index per country of the world, however many stories there are.</summary>
    public static async Task<IReadOnlyList<CountryInTheNews>> ReadCountries(this IQuerySession session, ServedEdition edition, CancellationToken ct)
    {
        var listings = session.DocumentStore.Options.Schema.For<Listing>();
        var rows = await session.AdvancedSql.QueryAsync<string, DateTimeOffset>($"""
            select row(c.code), row(newest.published)
            from unnest(?) as c(code)
            cross join lateral (select l.published from {listings} l where l.list = ? || c.code order by l.published desc limit 1) newest
            """, ct, edition.Countries.All.Select(c => c.Code).ToArray(), Listing.Country(edition.Key, ""));
        return [.. rows.Select(r => new CountryInTheNews(edition.Countries.Find(r.Item1)!, r.Item2))];
    }
}
