using Marten;
using Vigil.Contracts.Publishing;
using Vigil.Hosting;

namespace Vigil.Notification.Mailings;

/// <summary>What a mail says of a story, as it stands in one edition.</summary>
public sealed record Story(string Headline, string? Standfirst, string Slug, string Language, IReadOnlyList<string> Countries, IReadOnlyList<string> Topics)
{
    public static Story From(PublishedText text) => new(text.Headline, text.Standfirst, text.Slug, text.Language, text.Countries, text.Topics);

    // One text has an address of its own in each edition, hence a copy for each; erasing the text finds them all by its hash.
    public static TextHash IdOf(TextHash text, EditionKey edition) => new($"{text}.{edition}");

    public static Task<Story?> Find(IQuerySession session, TextHash text, EditionKey edition, CancellationToken ct) => Find<Story>(session, IdOf(text, edition), ct);

    public static async Task<T?> Find<T>(IQuerySession session, TextHash id, CancellationToken ct) where T : class => (await session.ReadTexts([id], ct)).Find<T>(id);

    /// <summary>False: the text was erased before, and nothing is kept.</summary>
    public static Task<bool> Keep(IDocumentSession session, Guid article, EditionKey edition, TextHash text, Story story, CancellationToken ct) =>
        Keep(session, article, text, IdOf(text, edition), story, ct);

    /// <param name="id">Begins with the text's hash.</param>
    public static async Task<bool> Keep<T>(IDocumentSession session, Guid article, TextHash text, TextHash id, T words, CancellationToken ct) where T : class
    {
        if (await session.LoadAsync<Text>(text.Value, ct) is { Json: null }) return false;
        // It comes with its hash: there is nothing to salt.
        var texts = new TextBatch(article, [], isNew: false);
        texts.Keep(id, words);
        return await texts.Store(session, ct);
    }

    /// <summary>Erases every edition's copy for ever, known or yet to come.</summary>
    public static async Task Erase(IDocumentSession session, Guid article, TextHash text, CancellationToken ct)
    {
        var prefix = $"{text}.";
        var copies = await session.Query<Text>().Where(t => t.Owner == article && t.Id.StartsWith(prefix)).Select(t => t.Id).ToListAsync(ct);
        session.EraseTexts(article, [text, .. copies.Select(id => new TextHash(id))]);
    }

    /// <summary>Erases for ever every copy that is not of these texts.</summary>
    public static async Task EraseOthers(IDocumentSession session, Guid article, IReadOnlySet<string> kept, CancellationToken ct)
    {
        var copies = await session.Query<Text>().Where(t => t.Owner == article && t.Json != null).Select(t => t.Id).ToListAsync(ct);
        var others = copies.Where(id => !kept.Contains(HashIn(id))).ToArray();
        session.EraseTexts(article, others.Concat(others.Select(HashIn).Distinct()).Select(id => new TextHash(id)));
    }

    static string HashIn(string id) => id.Split('.')[0];

    /// <summary>Deletes a copy that other words have replaced.</summary>
    public static void Replace(IDocumentSession session, TextHash? old, TextHash text, EditionKey edition)
    {
        if (old is not { } replaced || replaced == text) return;
        var id = IdOf(replaced, edition).Value;
        session.DeleteWhere<Text>(t => t.Id == id && t.Json != null);
    }

    /// <summary>Deletes an edition's copies; they may come back with the story.</summary>
    public static void Drop(IDocumentSession session, Guid article, EditionKey edition)
    {
        var suffix = $".{edition}";
        session.DeleteWhere<Text>(t => t.Owner == article && t.Json != null && t.Id.EndsWith(suffix));
    }

    public static void DropAll(IDocumentSession session, Guid article) => session.DeleteWhere<Text>(t => t.Owner == article && t.Json != null);
}
