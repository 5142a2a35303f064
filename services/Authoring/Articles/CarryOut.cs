using Marten;
using Vigil.Hosting;

namespace Vigil.Authoring.Articles;

/// <summary>The way of every command on an article: decided, kept, and answered with the state that it left.</summary>
static class CarryOut
{
    public static async Task<IResult> Carry(this IDocumentStore store, Guid id, Command command,
        Func<Article, TextBatch, IDocumentSession, CancellationToken, Task<Decision>> decide, CancellationToken ct) =>
        await ReadArticle.Answer(await store.Handle(id, command, "article.unknown", decide, ct), command, store, ct);

    public static Task<IResult> Carry(this IDocumentStore store, Guid id, Command command, Func<Article, TextBatch, Decision> decide, CancellationToken ct) =>
        store.Carry(id, command, (article, texts, _, _) => Task.FromResult(decide(article, texts)), ct);
}
