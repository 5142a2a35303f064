using Marten;
using Vigil.Hosting;

namespace Vigil.Publishing.Editions;

/// <summary>The editions there are, and how each is set up.</summary>
public static class ListEditions
{
    public sealed record View(
        string Key, string Name, IReadOnlyList<string> Hosts, string Language, string TimeZone, string Theme, EditionSender Sender, string BaseAddress);

    public static View Of(string key, EditionSettings s) => new(key, s.Name, s.Hosts, s.Language, s.TimeZone, s.Theme, s.Sender, s.BaseAddress);

    public static void Map(RouteGroupBuilder editions)
    {
        editions.MapGet("/", async (IQuerySession session, CancellationToken ct) =>
            Results.Ok(new { items = (await session.Query<EditionSite>().OrderBy(e => e.Id).ToListAsync(ct)).Select(e => Of(e.Id, e.Settings)), next = (string?)null }))
            .RequireAuthorization(Policy.Staff);
        editions.MapGet("/{key}", async (string key, IQuerySession session, HttpContext http, CancellationToken ct) =>
        {
            if (await session.LoadAsync<EditionSite>(key, ct) is not { } site) return Refusals.Problem("edition.unknown");
            http.Response.Headers.ETag = $"\"{site.Version}\"";
            return Results.Ok(Of(site.Id, site.Settings));
        }).RequireAuthorization(Policy.Staff);
    }
}
