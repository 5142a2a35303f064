using System.Collections.Immutable;
using Marten;
using Vigil.Contracts.Authoring;
using Vigil.Hosting;

namespace Vigil.Publishing.Publications;

/// <summary>A release arrives: every edition it names shows it, every other that showed the article goes dark, in one commit.</summary>
public static class ReceiveRelease
{
    /// <summary>Null: older than what is known, or the article has ended.</summary>
    public static GateDecision? Decide(ArticleGate gate, long version, IReadOnlyCollection<string> editions)
    {
        if (gate.HasEnded || version <= gate.Released) return null;
        var changes = ImmutableArray.CreateBuilder<EditionChange>();
        var known = gate.Editions;
        foreach (var edition in editions.Where(e => !gate.Covers(e, version)).Order(StringComparer.Ordinal))
        {
            var before = known.GetValueOrDefault(edition) ?? EditionGate.Closed;
            changes.Add(new(edition, before.Live > 0 ? Change.Revise : Change.Release));
            known = known.SetItem(edition, before with { Live = version, Started = true });
        }
        foreach (var (edition, before) in gate.Editions.Where(e => e.Value.Live > 0 && !editions.Contains(e.Key)))
        {
            changes.Add(new(edition, Change.Withdraw));
            known = known.SetItem(edition, before with { Live = 0 });
        }
        return new(gate with { Released = version, Editions = known }, changes.ToImmutable());
    }

    public static async Task Handle(ArticleReleased message, IDocumentStore store, CancellationToken ct)
    {
        await using var session = store.LightweightSession();
        var row = await session.LoadAsync<GateRow>(message.ArticleId, ct);
        if (Decide(row?.Gate ?? ArticleGate.Closed, message.Version, message.Editions) is not var (gate, changes)) return;

        gate = gate with { FirstPublished = message.FirstPublished };
        var texts = await session.WriteTexts(message.ArticleId, ct);
        var text = texts.Keep(new TextHash(message.TextHash), message.Text);
        foreach (var (edition, change) in changes)
        {
            var key = new EditionKey(edition);
            if (change is Change.Withdraw) { session.Happened(message.ArticleId, key, gate, new PublicationWithdrawn(message.ArticleId, key, message.Version, message.At)); continue; }
            var slug = gate.Editions[edition].Slug ?? await AssignSlug(session, message.ArticleId, edition, message.Text.Slug, ct);
            var slugText = texts.Hash(new SlugText(slug));
            session.Happened(message.ArticleId, key, row?.Gate ?? ArticleGate.Closed, change is Change.Release
                ? new PublicationReleased(message.ArticleId, key, message.Version, text, slugText, message.FirstPublished, message.MailAt, message.At)
                : new PublicationRevised(message.ArticleId, key, message.Version, message.Kind, text, slugText, message.FirstPublished, message.At));
            gate = gate with { Editions = gate.Editions.SetItem(edition, gate.Editions[edition] with { Slug = slug, TextHash = message.TextHash }) };
        }
        // An erased text does not come back by a late message; the words, not the rest, are what must not be.
        if (!await texts.Store(session, ct)) return;
        session.Advance(message.ArticleId, row, gate);
        await session.SaveChangesAsync(ct);
    }

    /// <summary>The wished-for slug, or the first free of -2, -3…: an address once given is never given to another story.</summary>
    static async Task<string> AssignSlug(IDocumentSession session, Guid article, string edition, string wish, CancellationToken ct)
    {
        var publication = Publication.IdOf(article, edition);
        for (var first = 1; ; first += 10)
        {
            var candidates = Enumerable.Range(first, 10).Select(n => n == 1 ? wish : $"{wish}-{n}").ToDictionary(s => SlugReservation.IdOf(edition, s));
            var taken = (await session.LoadManyAsync<SlugReservation>(ct, candidates.Keys)).Where(r => r.Publication != publication).Select(r => r.Id).ToHashSet();
            if (candidates.Where(c => !taken.Contains(c.Key)).Select(c => c.Value).FirstOrDefault() is not { } free) continue;
            var id = SlugReservation.IdOf(edition, free);
            if (await session.LoadAsync<SlugReservation>(id, ct) is null) session.Insert(new SlugReservation(id, publication, Gone: false));
            return free;
        }
    }
}
