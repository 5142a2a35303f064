using System.Collections.Immutable;
using Marten;
using Vigil.Authoring.Editions;
using Vigil.Hosting;

namespace Vigil.Authoring.Articles;

/// <summary>The words change: the article is a draft again and sign-offs are void. What is live keeps serving.</summary>
public static class ReviseArticle
{
    public sealed record By(Guid Writer, DateTimeOffset At);

    public static Decision Decide(Article article, By by, TextHash text, ImmutableArray<EditionKey> editions) => article switch
    {
        { Release: Release.TakenDown } => Decision.Refuse("article.taken-down"),
        _ when text == article.Text && editions.SequenceEqual(article.Editions) => Decision.Nothing,
        _ => Decision.Record(new ArticleRevised(by.Writer, text, editions, by.At)),
    };

    public static void Map(RouteGroupBuilder articles) =>
        articles.MapPut("/{id:guid}", async (Guid id, ArticleRequest request, Command command, IDocumentStore store, CancellationToken ct) =>
        {
            var text = request.Read(out var editions);
            var revised = await store.Handle<Article>(id, command.MustExpect(), "article.unknown", async (article, texts, session, token) =>
                await KnownEdition.FirstUnknown(session, request.Editions, token) is { } fault
                    ? Decision.Refuse([fault])
                    : Decide(article, new(command.Caller.Id, command.At), texts.Hash(text), editions), ct);
            return await ReadArticle.Answer(revised, store, ct);
        }).RequireAuthorization(Policy.Writing);
}
