using System.Collections.Immutable;
using Marten;
using Vigil.Contracts.Authoring;
using Vigil.Hosting;

namespace Vigil.Publishing.Publications;

/// <summary>Withdrawals, takedowns and erasures, on a lane of their own with retractions: they may overtake the release that they end.</summary>
public static class ReceiveEnding
{
    public static GateDecision? Withdraw(ArticleGate gate, long version, IReadOnlyCollection<string>? editions)
    {
        if (gate.HasEnded) return null;
        var known = gate.Editions;
        foreach (var edition in editions ?? [])
            if (known.GetValueOrDefault(edition) is var before && version > (before?.Withdrawn ?? 0))
                known = known.SetItem(edition, (before ?? EditionGate.Closed) with { Withdrawn = version });
        var next = gate with { Editions = known, WithdrawnAll = editions is null ? Math.Max(gate.WithdrawnAll, version) : gate.WithdrawnAll };
        var dark = next.Editions.Where(e => e.Value.Live > 0 && next.Covers(e.Key, e.Value.Live)).Select(e => e.Key).ToImmutableArray();
        foreach (var edition in dark) next = next with { Editions = next.Editions.SetItem(edition, next.Editions[edition] with { Live = 0 }) };
        return next.WithdrawnAll == gate.WithdrawnAll && ReferenceEquals(next.Editions, gate.Editions) ? null
            : new(next, [.. dark.Select(e => new EditionChange(e, Change.Withdraw))]);
    }

    public static GateDecision? TakeDown(ArticleGate gate)
    {
        if (gate.TakenDown) return null;
        var started = gate.Editions.Where(e => e.Value.Started).Select(e => new EditionChange(e.Key, Change.TakeDown)).ToImmutableArray();
        // Nothing stays: neither slug nor hash; that an edition had the story is known by its stream.
        var emptied = gate.Editions.ToImmutableSortedDictionary(e => e.Key, e => e.Value with { Live = 0, Slug = null, TextHash = null, Kept = null });
        return new(gate with { TakenDown = true, Editions = emptied }, started);
    }

    public static async Task Handle(ArticleWithdrawn message, IDocumentStore store, CancellationToken ct)
    {
        await using var session = store.LightweightSession();
        var row = await session.LoadAsync<GateRow>(message.ArticleId, ct);
        if (Withdraw(row?.Gate ?? ArticleGate.Closed, message.Version, message.Editions) is not var (gate, changes)) return;
        foreach (var (edition, _) in changes)
            session.Happened(message.ArticleId, new(edition), row!.Gate, new PublicationWithdrawn(message.ArticleId, new(edition), message.Version, message.At));
        session.Advance(message.ArticleId, row, gate);
        await session.SaveChangesAsync(ct);
    }

    public static async Task Handle(ArticleTakenDown message, IDocumentStore store, CancellationToken ct)
    {
        await using var session = store.LightweightSession();
        var row = await session.LoadAsync<GateRow>(message.ArticleId, ct);
        if (TakeDown(row?.Gate ?? ArticleGate.Closed) is not var (gate, changes)) return;
        var publications = changes.Select(c => Publication.IdOf(message.ArticleId, c.Edition)).ToArray();
        foreach (var (edition, _) in changes)
            session.Happened(message.ArticleId, new(edition), row!.Gate, new PublicationTakenDown(message.ArticleId, new(edition), message.Version, message.At));
        foreach (var slug in await session.Query<SlugReservation>().Where(s => s.Publication.IsOneOf(publications)).ToListAsync(ct))
            session.Store(slug with { Gone = true });
        await session.EraseAllTexts(message.ArticleId, ct);
        session.Advance(message.ArticleId, row, gate);
        await session.SaveChangesAsync(ct);
    }

    /// <summary>Deletes the copy and every page made of it; a release of it that is still under way finds the tombstone.</summary>
    public static async Task Handle(TextErased message, IDocumentStore store, CancellationToken ct)
    {
        await using var session = store.LightweightSession();
        var row = await session.LoadAsync<GateRow>(message.ArticleId, ct);
        session.EraseTexts(message.ArticleId, [new TextHash(message.TextHash)]);
        if (row is not null)
        {
            var gate = row.Gate;
            var noticed = (await session.Query<RetractedArticle>().Where(a => a.Article == message.ArticleId).ToListAsync(ct)).ToDictionary(a => a.Id);
            var pages = await session.Query<PublicArticle>().Where(a => a.Article == message.ArticleId).ToListAsync(ct);
            var gone = gate.Editions.Where(e => e.Value.TextHash == message.TextHash).Select(e => e.Key).ToHashSet();
            foreach (var (edition, shown) in gate.Editions.Where(e => gone.Contains(e.Key)))
            {
                var id = Publication.IdOf(message.ArticleId, edition);
                PublicRows.Remove(session, id);
                if (noticed.TryGetValue(id, out var retracted)) noticed[id] = retracted with { Slug = null, Story = null };
                if (shown.Kept is { } kept) session.EraseTexts(message.ArticleId, [new TextHash(kept)]);
                gate = gate with { Editions = gate.Editions.SetItem(edition, shown with { Slug = null, TextHash = null, Kept = null }) };
            }
            foreach (var retracted in noticed.Values) PublicRows.Show(session, retracted.NoticeHash == message.TextHash ? retracted with { Notice = null } : retracted);
            // Their addresses were made of these words. They stay reserved, by a digest; other words get one of their own. So with the notes on them.
            var texts = await session.WriteTexts(message.ArticleId, ct);
            foreach (var note in pages.Where(a => gone.Contains(a.Edition)).SelectMany(Notes).Except(pages.Where(a => !gone.Contains(a.Edition)).SelectMany(Notes)))
                session.Delete<Text>(texts.Hash(new NoteText(note)).Value);
            foreach (var slug in row.Gate.Editions.Values.Select(e => e.Slug).OfType<string>().Except(gate.Editions.Values.Select(e => e.Slug).OfType<string>()))
                session.Delete<Text>(texts.Hash(new SlugText(slug)).Value);
            session.Advance(message.ArticleId, row, gate);
        }
        await session.SaveChangesAsync(ct);
    }

    static IEnumerable<string> Notes(PublicArticle story) => story.Corrections.Select(c => c.Note);
}
