using JasperFx;
using Marten;

namespace Vigil.Hosting;

/// <summary>
/// That words are to be nowhere any more: all of an article, one text of it, or its versions before one. Kept for ever: a message of before may
/// fail at any time afterwards.
/// </summary>
public sealed record Removal(Guid Id, Guid Article, string? Text, long? Before)
{
    public static Removal Of(Guid article) => new(Uuid.From("removal", article), article, null, null);
    public static Removal OfText(Guid article, string hash) => new(Uuid.From("removal", article, hash), article, hash, null);
    public static Removal OfVersionsBefore(Guid article, long version) => new(Uuid.From("removal", article, version), article, null, version);

    public static void Register(StoreOptions store) => store.Schema.For<Removal>().Index(r => r.Article);

    /// <summary>What our relay did not mark is judged by its body, and one that does not say its version counts as older.</summary>
    public bool Covers(SetAside message) =>
        (message.Article is { } article ? article == Article : message.Holds($"{Article}"))
        && (Text is null || message.Holds(Text)) && (Before is null || message.Version is not { } version || version < Before);
}

/// <summary>Removes from the error queues what removals cover: when one comes, and when a message is set aside later than that.</summary>
public sealed class Removals(IDocumentStore store, ErrorQueues errors)
{
    public async Task Carry(Removal removal, CancellationToken ct)
    {
        await using (var session = store.LightweightSession())
        {
            session.Store(removal);
            await session.SaveChangesAsync(ct);
        }
        await errors.Each(removal.Covers, ct);
    }

    /// <summary>After a message about the article was set aside: whichever of the two comes second sees the other.</summary>
    public async Task Look(Guid article, CancellationToken ct)
    {
        await using var session = store.QuerySession();
        if (await session.Query<Removal>().Where(r => r.Article == article).ToListAsync(ct) is { Count: > 0 } removals)
            await errors.Each(message => removals.Any(r => r.Covers(message)), ct);
    }
}
