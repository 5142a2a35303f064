using System.Collections.Immutable;
using Marten;
using Vigil.Contracts.Authoring;
using Vigil.Hosting;

namespace Vigil.Publishing.Publications;

/// <summary>A release arrives: every edition it names shows it, every other that showed the article goes dark, in one commit.</summary>
public static class ReceiveRelease
{
    /// <summary>Null: older than what is known, or the article has ended. A protective one counts late, too: what is older than it must go.</summary>
    public static GateDecision? Decide(ArticleGate gate, long version, IReadOnlyCollection<string> editions, bool isProtective = false)
    {
        if (gate.HasEnded) return null;
        var guarded = isProtective ? gate with { Protected = Math.Max(gate.Protected, version) } : gate;
        if (version <= gate.Released) return guarded == gate ? null : new(guarded, []);
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
        return new(guarded with { Released = version, Editions = known }, changes.ToImmutable());
    }

    public static async Task Handle(ArticleReleased message, IDocumentStore store, CancellationToken ct)
    {
        await using var session = store.LightweightSession();
        var row = await session.LoadAsync<GateRow>(message.ArticleId, ct);
        var before = row?.Gate ?? ArticleGate.Closed;
        var isProtective = message.Kind is ReleaseKind.Protective;
        // An erased text does not come back by a late message. What it was to protect from goes all the same, and its editions with it.
        var isErased = await session.LoadAsync<Text>(message.TextHash, ct) is { Json: null };
        if (isErased && !isProtective) return;
        if (Decide(before, message.Version, isErased ? [] : message.Editions, isProtective) is not var (gate, changes)) return;

        var texts = await session.WriteTexts(message.ArticleId, ct);
        if (gate.Released > before.Released) gate = await Show(session, texts, message, before, gate, changes, ct);
        if (isProtective) gate = await ForgetEarlier.Words(session, texts, message, gate, ct);
        await texts.Store(session, ct);
        session.Advance(message.ArticleId, row, gate);
        await session.SaveChangesAsync(ct);
    }

    static async Task<ArticleGate> Show(
        IDocumentSession session, TextBatch texts, ArticleReleased message, ArticleGate before, ArticleGate gate, ImmutableArray<EditionChange> changes, CancellationToken ct)
    {
        var (text, corrections) = (new TextHash(message.TextHash), Array.Empty<CorrectionMade>());
        if (changes.Any(c => c.Change is not Change.Withdraw))
        {
            texts.Keep(text, message.Text);
            corrections = [.. message.Corrections.Select(c => new CorrectionMade(c.At, c.Class, texts.Hash(new NoteText(c.Note))))];
        }
        DateTimeOffset? newest = message.Corrections is [.., var last] ? last.At : null;
        var tells = message.Kind is ReleaseKind.Correction && newest is not null && (before.Told is not { } told || newest > told);
        foreach (var (edition, change) in changes)
        {
            var key = new EditionKey(edition);
            if (change is Change.Withdraw) { session.Happened(message.ArticleId, key, before, new PublicationWithdrawn(message.ArticleId, key, message.Version, message.At)); continue; }
            var slug = await SlugFor(session, message, edition, gate.Editions[edition].Slug, ct);
            var slugText = texts.Hash(new SlugText(slug));
            session.Happened(message.ArticleId, key, before, change is Change.Release
                ? new PublicationReleased(message.ArticleId, key, message.Version, text, slugText, message.FirstPublished, message.Modified, corrections,
                    message.Kind is ReleaseKind.Correction or ReleaseKind.Protective ? null : message.MailAt, message.At)
                : new PublicationRevised(message.ArticleId, key, message.Version, message.Kind, text, slugText, message.FirstPublished, message.Modified, corrections,
                    tells, tells ? message.MailAt : null, message.At));
            gate = gate with { Editions = gate.Editions.SetItem(edition, gate.Editions[edition] with { Slug = slug, TextHash = message.TextHash }) };
        }
        return gate with { FirstPublished = message.FirstPublished, Told = newest is null || before.Told > newest ? before.Told : newest };
    }

    /// <summary>
    /// The address that it has, or a new one. A protective correction does not keep an address that its own words would not give: a name may
    /// stand in it. The old one then answers that it is gone, and is never given again.
    /// </summary>
    static async Task<string> SlugFor(IDocumentSession session, ArticleReleased message, string edition, string? known, CancellationToken ct)
    {
        if (known is not null && (message.Kind is not ReleaseKind.Protective || IsOf(known, message.Text.Slug))) return known;
        if (known is not null) session.Store(new SlugReservation(SlugReservation.IdOf(edition, known), Publication.IdOf(message.ArticleId, edition), Gone: true));
        return await AssignSlug(session, message.ArticleId, edition, message.Text.Slug, ct);
    }

    public static bool IsOf(string slug, string wish) =>
        slug == wish || slug.Length > wish.Length + 1 && slug.StartsWith($"{wish}-", StringComparison.Ordinal) && slug.AsSpan(wish.Length + 1).IndexOfAnyExceptInRange('0', '9') < 0;

    /// <summary>The wished-for slug, or the first free of -2, -3…: an address once given is never given to another story.</summary>
    static async Task<string> AssignSlug(IDocumentSession session, Guid article, string edition, string wish, CancellationToken ct)
    {
        var publication = Publication.IdOf(article, edition);
        for (var first = 1; ; first += 10)
        {
            var candidates = Enumerable.Range(first, 10).Select(n => n == 1 ? wish : $"{wish}-{n}").ToDictionary(s => SlugReservation.IdOf(edition, s));
            var taken = (await session.LoadManyAsync<SlugReservation>(ct, candidates.Keys)).Where(r => r.Publication != publication || r.Gone).Select(r => r.Id).ToHashSet();
            if (candidates.Where(c => !taken.Contains(c.Key)).Select(c => c.Value).FirstOrDefault() is not { } free) continue;
            var id = SlugReservation.IdOf(edition, free);
            if (await session.LoadAsync<SlugReservation>(id, ct) is null) session.Insert(new SlugReservation(id, publication, Gone: false));
            return free;
        }
    }
}
