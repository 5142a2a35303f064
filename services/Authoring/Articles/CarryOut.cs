using Marten;
using Vigil.Hosting;

namespace Vigil.Authoring.Articles;

/// <summary>The way of every command on an article: decided, kept, and answered with the state that it left. Who may not know of it hears that there is none.</summary>
static class CarryOut
{
    public static async Task<IResult> Carry(this IDocumentStore store, Offer offer, Guid id, Command command,
        Func<Article, TextBatch, IDocumentSession, CancellationToken, Task<Decision>> decide, CancellationToken ct) =>
        await ReadArticle.Answer(await store.Handled(offer, id, command, decide, ct), command, offer.Proposes, store, ct);

    public static Task<IResult> Carry(this IDocumentStore store, Offer offer, Guid id, Command command, Func<Article, TextBatch, Decision> decide, CancellationToken ct) =>
        store.Carry(offer, id, command, (article, texts, _, _) => Task.FromResult(decide(article, texts)), ct);

    public static Task<Handled<Article>> Handled(this IDocumentStore store, Offer offer, Guid id, Command command,
        Func<Article, TextBatch, IDocumentSession, CancellationToken, Task<Decision>> decide, CancellationToken ct) =>
        store.Handle(id, command, "article.unknown", decide, ct, sees: article => Sight.Reaches(article, command.Caller, offer));
}
