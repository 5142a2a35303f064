using System.Collections.Immutable;
using Marten;
using Vigil.Contracts.Authoring;
using Vigil.Hosting;

namespace Vigil.Publishing.Publications;

/// <summary>
/// A retraction arrives: every edition that ever showed the story shows a notice in its place, and nothing of it is left but what says which
/// story it was. Where it never stood there is no page, and none comes by a late release.
/// </summary>
public static class ReceiveRetraction
{
    /// <summary>Null: it has ended already.</summary>
    public static GateDecision? Decide(ArticleGate gate)
    {
        if (gate.HasEnded) return null;
        var started = gate.Editions.Where(e => e.Value.Started).Select(e => new EditionChange(e.Key, Change.Retract)).ToImmutableArray();
        return new(gate with { Retracted = true, Editions = gate.Editions.ToImmutableSortedDictionary(e => e.Key, e => e.Value with { Live = 0 }) }, started);
    }

    public static async Task Handle(ArticleRetracted message, IDocumentStore store, CancellationToken ct)
    {
        await using var session = store.LightweightSession();
        var row = await session.LoadAsync<GateRow>(message.ArticleId, ct);
        if (Decide(row?.Gate ?? ArticleGate.Closed) is not var (gate, changes)) return;

        var notice = new TextHash(message.NoticeHash);
        var texts = await session.WriteTexts(message.ArticleId, ct);
        var shown = await session.ReadTexts(gate.Editions.Values.Select(e => e.TextHash).OfType<string>().Select(h => new TextHash(h)), ct);
        HashSet<string> kept = [notice.Value];
        foreach (var (edition, _) in changes)
        {
            var before = gate.Editions[edition];
            TextHash? text = before.TextHash is { } hash && shown.Find<ReleasedText>(new(hash)) is not null ? new(hash) : null;
            TextHash? story = text is { } known ? texts.Hash(RetractedStory.Of(shown.Find<ReleasedText>(known)!)) : null;
            TextHash? slug = before.Slug is { } words ? texts.Hash(new SlugText(words)) : null;
            kept.UnionWith(new[] { story, slug }.OfType<TextHash>().Select(h => h.Value));
            session.Happened(message.ArticleId, new(edition), row!.Gate, new PublicationRetracted(
                message.ArticleId, new(edition), message.Version, notice, text, story, slug, gate.FirstPublished, message.MailAt, message.At));
            gate = gate with { Editions = gate.Editions.SetItem(edition, before with { Kept = story?.Value }) };
        }
        var all = await session.Query<Text>().Where(t => t.Owner == message.ArticleId).Select(t => t.Id).ToListAsync(ct);
        session.EraseTexts(message.ArticleId, all.Where(id => !kept.Contains(id)).Select(id => new TextHash(id)));
        // The story ends, also if its notice was erased on the way.
        if (changes.Length > 0 && await session.LoadAsync<Text>(message.NoticeHash, ct) is not { Json: null }) texts.Keep(notice, message.Notice);
        await texts.Store(session, ct);
        session.Advance(message.ArticleId, row, gate);
        await session.SaveChangesAsync(ct);
    }
}
