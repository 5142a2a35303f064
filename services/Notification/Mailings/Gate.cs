using System.Collections.Immutable;
using JasperFx;
using Marten;
using Vigil.Hosting;

namespace Vigil.Notification.Mailings;

/// <summary>
/// What an article's endings forbid, and what its changes say, whatever arrives late. Read and advanced in the transaction of everything that touches the article's
/// mailings: of two at once one loses and is tried again.
/// </summary>
public sealed record Gate : IRevisioned
{
    public required Guid Id { get; init; }
    public int Version { get; set; }
    public bool TakenDown { get; init; }
    /// <summary>For good; only a takedown follows.</summary>
    public bool Retracted { get; init; }
    /// <summary>The version up to which the article is withdrawn everywhere.</summary>
    public long Withdrawn { get; init; }
    /// <summary>Words from before this version are a danger to somebody.</summary>
    public long Protected { get; init; }
    public ImmutableSortedDictionary<string, long> WithdrawnIn { get; init; } = ImmutableSortedDictionary<string, long>.Empty;

    /// <summary>The newest words of each edition that was changed before it was heard of here.</summary>
    public ImmutableSortedDictionary<string, Change> Changes { get; init; } = ImmutableSortedDictionary<string, Change>.Empty;

    public sealed record Change(long Version, TextHash Text);

    /// <summary>May a publication of this version not be mailed in this edition any more?</summary>
    public bool Stops(EditionKey edition, long version) => HasEnded || version < Protected || version <= Withdrawn || version <= WithdrawnIn.GetValueOrDefault(edition.Value);

    public bool HasEnded => TakenDown || Retracted;

    /// <summary>The version before which what was mailed has been removed for somebody's sake; 0: none of it has.</summary>
    public long RemovedBefore(EditionKey edition) => TakenDown ? long.MaxValue : Math.Max(Protected, Math.Max(Withdrawn, WithdrawnIn.GetValueOrDefault(edition.Value)));

    public Gate Protect(long version) => this with { Protected = Math.Max(Protected, version) };

    public Gate Retract() => this with { Retracted = true };

    public Gate TakeDown() => this with { TakenDown = true };

    /// <param name="editions">Null: all, also ones never seen.</param>
    public Gate Withdraw(IReadOnlyList<string>? editions, long version) => editions is null
        ? this with { Withdrawn = Math.Max(Withdrawn, version) }
        : this with { WithdrawnIn = WithdrawnIn.SetItems(editions.Select(e => KeyValuePair.Create(e, Math.Max(WithdrawnIn.GetValueOrDefault(e), version)))) };

    public Gate Remember(EditionKey edition, Change change) =>
        Stops(edition, change.Version) || Changes.GetValueOrDefault(edition.Value)?.Version >= change.Version ? this : this with { Changes = Changes.SetItem(edition.Value, change) };

    public static async Task<Gate> Find(IQuerySession session, Guid article, CancellationToken ct) => await session.LoadAsync<Gate>(article, ct) ?? new() { Id = article };

    /// <summary>Commits what the session has, and the gate even when nothing changed in it: that is what makes two at once collide.</summary>
    public async Task Save(IDocumentSession session, CancellationToken ct)
    {
        if (Version == 0) session.Insert(this); else session.UpdateRevision(this, Version + 1);
        await session.SaveChangesAsync(ct);
    }
}
