using Marten;
using Npgsql;
using Vigil.Hosting;

namespace Vigil.Authoring.Articles;

/// <summary>
/// After a restore: removals that the backup did not know yet are recorded once more, under the ids that they had, and flow on like any other.
/// An article that the backup did not have needs none here; Publishing and Notification stay closed to it.
/// </summary>
public static class ReapplyRemovals
{
    /// <summary>By whom it is recorded: no person. Who it was, the database has forgotten.</summary>
    static readonly Caller Restore = new(Uuid.From("client", "restore"), IsMachine: true);

    public static Decision Decide(Article article, Ledger.Removal removal, bool isErased, Guid by) => removal switch
    {
        { Kind: Ledger.Kind.TextErased } when isErased => Decision.Nothing,
        // The words that had replaced them are gone, so nothing can stay.
        { Kind: Ledger.Kind.TextErased, Text: { } text } when article.Release is Release.Live && article.LiveText == text =>
            Decision.Record(new ArticleWithdrawn(by, null, null, removal.At), new TextErased(by, text, null, removal.At)),
        { Kind: Ledger.Kind.TextErased, Text: { } note } when article.Corrections.Any(c => c.Note == note) =>
            EraseText.DecideNotes(article, [note], new(by, IsMachine: false, null, removal.At)),
        { Kind: Ledger.Kind.TextErased, Text: { } text } => Decision.Record(new TextErased(by, text, null, removal.At)),
        _ when article.Release is Release.TakenDown => Decision.Nothing,
        { Kind: Ledger.Kind.TakenDown } => Decision.Record(new ArticleTakenDown(by, null, removal.At)),
        _ when article.Release is Release.Withdrawn or Release.Retracted => Decision.Nothing,
        // Also before its first release, as the backup has it: it takes two people to bring it back.
        { Editions: { } editions } => editions.All(e => article.WithdrawnIn.Contains(new(e)) && !article.LiveIn.Contains(new(e))) ? Decision.Nothing
            : Decision.Record(new ArticleWithdrawn(by, [.. editions.Select(e => new EditionKey(e))], null, removal.At)),
        _ => Decision.Record(new ArticleWithdrawn(by, null, null, removal.At)),
    };

    public static async Task Run(IServiceProvider services, CancellationToken ct)
    {
        var store = services.GetRequiredService<IDocumentStore>();
        var command = new Command(Restore, services.GetRequiredService<TimeProvider>().GetUtcNow(), null, null, null);
        foreach (var removal in await Forgotten(store, await services.GetRequiredService<Ledger>().Removals(ct), ct))
            try
            {
                await store.Handle<Article>(removal.Article, command, "article.unknown", async (article, _, session, token) =>
                {
                    var erased = removal.Text is { } text && await session.LoadAsync<Text>(text.Value, token) is { Json: null };
                    if (Decide(article, removal, erased, Restore.Id) is not Decision.Recorded { Events: var events }) return Decision.Nothing;
                    if (removal.Text is { } words) session.EraseTexts(removal.Article, [words]);
                    // A withdrawal before an erasure and a release after it are this restore's own.
                    var named = events.First(e => e is TextErased == removal.Text.HasValue);
                    var under = session.Events.BuildEvent(named);
                    under.Id = removal.Event;
                    return Decision.Record([.. events.Select(e => ReferenceEquals(e, named) ? under : e)]);
                }, ct);
            }
            catch (RefusedException refused) when (refused.Faults[0].Code == "article.unknown") { }
        // Nobody knows any more what was unscheduled since, or put under an embargo.
        foreach (var scheduled in await Ids(store, new("select distinct article from authoring.due_releases"), ct))
            await store.Handle<Article>(scheduled, command, "article.unknown", article => ScheduleArticle.DecideToCancel(article, new(Restore.Id, command.At)), ct);
    }

    /// <summary>Those of which the store has no event.</summary>
    static async Task<IEnumerable<Ledger.Removal>> Forgotten(IDocumentStore store, List<Ledger.Removal> removals, CancellationToken ct)
    {
        var known = await Ids(store, new("select id from authoring.mt_events where id = any($1)") { Parameters = { new() { Value = removals.Select(r => r.Event).ToArray() } } }, ct);
        return removals.Where(r => !known.Contains(r.Event));
    }

    static async Task<HashSet<Guid>> Ids(IDocumentStore store, NpgsqlCommand read, CancellationToken ct)
    {
        await using var connection = store.Storage.Database.CreateConnection();
        await connection.OpenAsync(ct);
        read.Connection = connection;
        await using (read)
        await using (var reader = await read.ExecuteReaderAsync(ct))
        {
            var ids = new HashSet<Guid>();
            while (await reader.ReadAsync(ct)) ids.Add(reader.GetGuid(0));
            return ids;
        }
    }
}
