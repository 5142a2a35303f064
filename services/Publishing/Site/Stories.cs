using Marten;
using Vigil.Hosting;
using Vigil.Publishing.Publications;

namespace Vigil.Publishing.Site;

/// <summary>Where in a list a stretch ended; the next begins after it.</summary>
public readonly record struct Place(DateTimeOffset At, Guid Id)
{
    public override string ToString() => Cursor.Of(At, Id);

    /// <summary>No text is the beginning of the list; false when it is not one that we gave.</summary>
    public static bool TryRead(string? text, out Place? place)
    {
        place = null;
        if (text is null) return true;
        if (!Cursor.TryRead(text, out var at, out var id)) return false;
        place = new Place(at, id);
        return true;
    }
}

/// <summary>A stretch of a list, newest first.</summary>
/// <param name="Next">Null where the list ends.</param>
public sealed record Stretch(IReadOnlyList<PublicArticle> Stories, Place? Next)
{
    /// <summary>A topic as its stories write it.</summary>
    public string? TopicAt(string slug) => Stories.SelectMany(s => s.Text.Topics).FirstOrDefault(t => Slug.Of(t) == slug);
}

public static class Stories
{
    /// <summary>Reads one stretch of an index, so a list costs the same at any length and any depth.</summary>
    /// <param name="bodies">Without bodies the rows are a fraction of their size: enough for lists.</param>
    /// <param name="alsoIn">A second list that the stories must stand in too.</param>
    public static async Task<Stretch> ReadStories(
        this IQuerySession session, string list, Place? after, int limit, bool bodies, CancellationToken ct, string? alsoIn = null)
    {
        var schema = session.DocumentStore.Options.Schema;
        var (listings, articles) = (schema.For<Listing>(), schema.For<PublicArticle>());
        List<object> values = [list];
        var where = "l.list = ?";
        if (after is { } place)
        {
            where += " and (l.published, l.publication) < (?, ?)";
            values.AddRange([place.At, place.Id]);
        }
        if (alsoIn is not null)
        {
            where += $" and exists (select from {listings} o where o.list = ? and o.published = l.published and o.publication = l.publication)";
            values.Add(alsoIn);
        }
        values.Add(limit + 1);
        var stories = await session.QueryAsync<PublicArticle>($"""
            select {(bodies ? "a.data" : $"jsonb_set(a.data, '{{text,body}}', '[]')")}
            from (select l.published, l.publication from {listings} l where {where} order by l.published desc, l.publication desc limit ?) l
            join {articles} a on a.id = l.publication
            order by l.published desc, l.publication desc
            """, ct, [.. values]);
        var shown = stories.Take(limit).Select(s => s.Noted()).ToArray();
        return new(shown, stories.Count > limit ? new Place(shown[^1].Published, shown[^1].Id) : null);
    }

    public static async Task<PublicArticle?> ReadStory(this IQuerySession session, string edition, string slug, CancellationToken ct) =>
        (await session.Query<PublicArticle>().FirstOrDefaultAsync(a => a.Edition == edition && a.Slug == slug, ct))?.Noted();

    /// <summary>What stands where there was a story: that it was removed for good, or the notice of its retraction.</summary>
    public static async Task<(bool IsGone, RetractedArticle? Retracted)> ReadPast(this IQuerySession session, string edition, string slug, CancellationToken ct) =>
        await session.LoadAsync<SlugReservation>(SlugReservation.IdOf(edition, slug), ct) switch
        {
            null => (false, null),
            { Gone: true } => (true, null),
            var reserved => (false, (await session.LoadAsync<RetractedArticle>(reserved.Publication, ct))?.Noted()),
        };
}
