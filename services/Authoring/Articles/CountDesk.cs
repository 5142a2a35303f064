using Marten;
using Vigil.Hosting;

namespace Vigil.Authoring.Articles;

/// <summary>How many articles there are in each state, for the desk's filters: of those that the caller may know of, in one grouped query.</summary>
public static class CountDesk
{
    public sealed record Line(Work Work, Release Release, long Count);

    public static void Map(RouteGroupBuilder articles) =>
        articles.MapGet("/counts", async (bool? mine, Caller caller, IQuerySession session, CancellationToken ct) =>
        {
            var query = session.Query<Article>().AsQueryable().ReadBy(caller);
            if (mine is true) query = query.Where(a => a.Author == caller.Id);
            return Results.Ok((await query.GroupBy(a => new { a.Work, a.Release }).Select(g => new { g.Key.Work, g.Key.Release, Count = g.Count() }).ToListAsync(ct))
                .Select(g => new Line(g.Work, g.Release, g.Count)));
        }).RequireAuthorization(Policy.Staff);
}
