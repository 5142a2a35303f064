using Marten;
using Vigil.Hosting;

namespace Vigil.Authoring.Articles;

/// <summary>The desk: what the newsroom works on, last touched first; to who is on duty, what is live.</summary>
public static class ListDesk
{
    /// <param name="State">As on the article.</param>
    /// <param name="Actions">As on the article: what the caller could do now.</param>
    public sealed record Item(
        Guid Id, long Version, string? Headline, string? Language, Work Work, Release Release, string? State, bool Protected, Guid Author, IEnumerable<string> Editions, IEnumerable<string> LiveIn,
        DateTimeOffset? Embargo, DateTimeOffset? Scheduled, IEnumerable<ArticleView.MissedIn> Missed, DateTimeOffset Updated, bool Erased, IEnumerable<string> Actions);

    public sealed record View(IReadOnlyList<Item> Items, string? Next);

    static Item Of(Article a, ArticleText? text, Caller caller, DateTimeOffset now) => new(
        a.Id, a.Version, text?.Headline, text?.Language, a.Work, a.Release, ArticleView.StateOf(a, now), a.Protected, a.Author, a.Editions.Select(e => e.Value), a.LiveIn.Select(e => e.Value),
        a.Embargo, a.Schedule.IsEmpty ? null : a.Schedule.Min(s => s.At), ArticleView.MissedOf(a), a.Updated, text is null, ReadArticle.ActionsOn(a, caller, now));

    public static void Map(RouteGroupBuilder articles) =>
        articles.MapGet("/", async (string? work, string? release, bool? mine, string? cursor, int? limit, Caller caller, TimeProvider clock, IQuerySession session, CancellationToken ct) =>
        {
            var size = limit ?? 50;
            if (size is < 1 or > 100) return Refusals.Problem("request.bad-query", "limit");
            var query = session.Query<Article>().AsQueryable().ReadBy(caller);
            if (work is not null)
            {
                if (!Cursor.TryName<Work>(work, out var wanted)) return Refusals.BadName<Work>("work");
                query = query.Where(a => a.Work == wanted);
            }
            if (release is not null)
            {
                if (!Cursor.TryName<Release>(release, out var wanted)) return Refusals.BadName<Release>("release");
                query = query.Where(a => a.Release == wanted);
            }
            if (mine is true) query = query.Where(a => a.Author == caller.Id);
            if (cursor is not null)
            {
                if (!Cursor.TryRead(cursor, out var after, out var id)) return Refusals.Problem("request.bad-cursor", "cursor");
                query = query.Where(a => a.Updated < after || a.Updated == after && a.Id.CompareTo(id) > 0);
            }
            var page = await query.OrderByDescending(a => a.Updated).ThenBy(a => a.Id).Take(size + 1).ToListAsync(ct);
            var shown = page.Take(size).ToArray();
            TextHash Shown(Article a) => Sight.IsWhole(a, caller) ? a.Text : a.LiveText ?? a.Text;
            var texts = await session.ReadTexts(shown.Select(Shown), ct);
            var now = clock.GetUtcNow();
            return Results.Ok(new View([.. shown.Select(a => Of(a, texts.Find<ArticleText>(Shown(a)), caller, now))], page.Count > size ? Cursor.Of(shown[^1].Updated, shown[^1].Id) : null));
        }).RequireAuthorization(Policy.Staff);
}
