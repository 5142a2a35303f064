using Marten;
using Vigil.Contracts.Authoring;
using Vigil.Hosting;

namespace Vigil.Publishing.Publications;

/// <summary>
/// A protective correction's other half, in the same transaction: every word of the article from before it is erased, and refused should it
/// come again. Where the article is dark, its address goes too, since it was made of them.
/// </summary>
static class ForgetEarlier
{
    public static async Task<ArticleGate> Words(IDocumentSession session, TextBatch texts, ArticleReleased message, ArticleGate gate, CancellationToken ct)
    {
        HashSet<string> earlier = [], later = [message.TextHash];
        // Where something newer stands already, this one's own notes are not wanted any more.
        if (gate.Released == message.Version) later.UnionWith(message.Corrections.Select(c => texts.Hash(new NoteText(c.Note)).Value));
        foreach (var edition in gate.Editions.Where(e => e.Value.Started).Select(e => e.Key))
            foreach (var e in await session.Events.FetchStreamAsync(Publication.IdOf(message.ArticleId, edition), token: ct))
                switch (Publication.Today(e.Data))
                {
                    case PublicationReleased r when r.Version < message.Version: earlier.Add(r.Text.Value); break;
                    case PublicationRevised r when r.Version < message.Version: earlier.Add(r.Text.Value); break;
                    case PublicationReleased or PublicationRevised: later.UnionWith(PublicRows.Cites(e).Select(t => t.Value)); break;
                }
        foreach (var (edition, dark) in gate.Editions.Where(e => e.Value.Live == 0))
            gate = gate with { Editions = gate.Editions.SetItem(edition, dark with { Slug = null, TextHash = dark.TextHash is { } text && later.Contains(text) ? text : null }) };
        later.UnionWith(gate.Editions.Values.Select(e => e.Slug).OfType<string>().Select(s => texts.Hash(new SlugText(s)).Value));
        session.EraseTexts(message.ArticleId, earlier.Except(later).Select(t => new TextHash(t)));
        // Notes and addresses may be made of the same words again; texts may not.
        foreach (var id in await session.Query<Text>().Where(t => t.Owner == message.ArticleId && t.Json != null).Select(t => t.Id).ToListAsync(ct))
            if (!later.Contains(id) && !earlier.Contains(id)) session.Delete<Text>(id);
        return gate;
    }
}
