using Marten;
using Vigil.Hosting;
using Vigil.Notification.Dispatch;

namespace Vigil.Notification.Mailings;

/// <summary>What was mailed and how far it got, newest first. No reader is named.</summary>
public static class ListMailings
{
    /// <param name="Headline">Null once the text is erased or withdrawn.</param>
    /// <param name="Audience">Null until it started; afterwards pending + sent + skipped + failed.</param>
    /// <param name="Repeats">How many hand-overs were tried again without knowing whether the first arrived.</param>
    /// <param name="Occasion">What it is about: a story, or, to those who were mailed it, its correction, its retraction, or a notice that it was removed.</param>
    public sealed record Item(
        Guid Id, Occasion Occasion, Guid Article, string Edition, long Version, string? Headline, Stage State, Halt? Halt, DateTimeOffset Planned, DateTimeOffset Due, DateTimeOffset? Started,
        DateTimeOffset? Finished, int? Audience, int Pending, int Sent, int Skipped, int Failed, int Repeats);

    public static void Map(RouteGroupBuilder mailings)
    {
        mailings.MapGet("/", async (string? cursor, int? limit, IQuerySession session, IDocumentStore store, CancellationToken ct) =>
        {
            var size = limit ?? 20;
            if (size is < 1 or > 100) return Refusals.Problem("request.bad-query", "limit");
            var query = session.Query<Mailing>().AsQueryable();
            if (cursor is not null)
            {
                if (!Cursor.TryRead(cursor, out var before, out var id)) return Refusals.Problem("request.bad-cursor", "cursor");
                query = query.Where(m => m.PlannedAt < before || m.PlannedAt == before && m.Id.CompareTo(id) > 0);
            }
            var page = await query.OrderByDescending(m => m.PlannedAt).ThenBy(m => m.Id).Take(size + 1).ToListAsync(ct);
            var shown = page.Take(size).ToArray();
            return Results.Ok(new { items = await Show(shown, session, store, ct), next = page.Count > size ? Cursor.Of(shown[^1].PlannedAt, shown[^1].Id) : null });
        }).RequireAuthorization(Policy.Staff);

        mailings.MapGet("/{id:guid}", async (Guid id, IQuerySession session, IDocumentStore store, CancellationToken ct) =>
            await session.LoadAsync<Mailing>(id, ct) is { } mailing
                ? Results.Ok(await Show(mailing, session, store, ct))
                : Refusals.Problem("mailing.unknown")).RequireAuthorization(Policy.Staff);
    }

    internal static async Task<Item> Show(Mailing mailing, IQuerySession session, IDocumentStore store, CancellationToken ct) => (await Show([mailing], session, store, ct))[0];

    static async Task<Item[]> Show(IReadOnlyList<Mailing> mailings, IQuerySession session, IDocumentStore store, CancellationToken ct)
    {
        var texts = await session.ReadTexts(mailings.Select(StoryIdOf).OfType<TextHash>(), ct);
        await using var connection = store.Storage.Database.CreateConnection();
        await connection.OpenAsync(ct);
        var counts = await Delivery.Count(connection, mailings.Where(m => m is { IsOpen: true, Audience: > 0 }).Select(m => m.Id), ct);
        return [.. mailings.Select(m => Show(m,
            StoryIdOf(m) is { } text ? texts.Find<Story>(text)?.Headline : null,
            counts.GetValueOrDefault(m.Id, new(0, m.Sent, m.Skipped, m.Failed, m.Repeats))))];
    }

    static TextHash? StoryIdOf(Mailing m) => m.Occasion is Occasion.Story
        ? m.Text is { } text ? Story.IdOf(text, m.Edition) : null
        : m.Story is { } story ? FollowUp.StoryIdOf(story, m.Edition, m.ArticleVersion) : null;

    static Item Show(Mailing m, string? headline, Delivery.Counts counts) => new(
        m.Id, m.Occasion, m.Article, m.Edition.Value, m.ArticleVersion, headline, m.Stage, m.Halt, m.PlannedAt, m.Due, m.StartedAt, m.FinishedAt, m.Audience,
        counts.Pending, counts.Sent, counts.Skipped, counts.Failed, counts.Repeats);
}
