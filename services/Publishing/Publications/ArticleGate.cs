using System.Collections.Immutable;
using JasperFx;

namespace Vigil.Publishing.Publications;

/// <summary>
/// One row per article, checked and advanced in the transaction that touches any of its editions, so that messages may come late, twice
/// and in any order. Its numeric revision makes the second of two racing transactions fail and decide again.
/// </summary>
public sealed class GateRow : IRevisioned
{
    public Guid Id { get; set; }
    public int Version { get; set; }
    public ArticleGate Gate { get; set; } = ArticleGate.Closed;
}

/// <param name="Released">The newest release seen.</param>
/// <param name="WithdrawnAll">The newest withdrawal of all editions, also those never seen.</param>
/// <param name="Retracted">For good: no release counts any more, whatever its version; only a takedown does.</param>
public sealed record ArticleGate(long Released, long WithdrawnAll, bool TakenDown, ImmutableSortedDictionary<string, EditionGate> Editions, bool Retracted = false)
{
    public DateTimeOffset? FirstPublished { get; init; }
    /// <summary>The newest protective correction: no word from before it may be kept.</summary>
    public long Protected { get; init; }
    /// <summary>When the newest correction was made that readers were told of.</summary>
    public DateTimeOffset? Told { get; init; }

    public static ArticleGate Closed { get; } = new(0, 0, false, ImmutableSortedDictionary<string, EditionGate>.Empty);

    public bool HasEnded => TakenDown || Retracted;

    /// <summary>Authoring's intent wins by its version: a release counts unless a newer withdrawal covers the edition.</summary>
    public bool Covers(string edition, long release) => HasEnded || Math.Max(WithdrawnAll, Editions.GetValueOrDefault(edition)?.Withdrawn ?? 0) > release;
}

/// <param name="Live">The article's version that stands there; 0 when dark.</param>
/// <param name="Withdrawn">The newest withdrawal of this edition by name.</param>
/// <param name="Slug">Assigned at the first release, kept until taken down.</param>
/// <param name="Kept">What is kept of the text of a retracted story.</param>
public sealed record EditionGate(long Live, long Withdrawn, bool Started, string? TextHash, string? Slug, string? Kept = null)
{
    public static EditionGate Closed { get; } = new(0, 0, false, null, null);
}

/// <summary>What a message changes: the gate, and what happens in each edition it touches.</summary>
public sealed record GateDecision(ArticleGate Gate, ImmutableArray<EditionChange> Changes);

public enum Change { Release, Revise, Withdraw, Retract, TakeDown }

public sealed record EditionChange(string Edition, Change Change);
