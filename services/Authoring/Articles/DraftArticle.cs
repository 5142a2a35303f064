using System.Collections.Immutable;
using Marten;
using Vigil.Authoring.Editions;
using Vigil.Hosting;

namespace Vigil.Authoring.Articles;

/// <summary>A writer begins a story. The same Idempotency-Key makes the same article, once.</summary>
public static class DraftArticle
{
    public sealed record By(Guid Writer, DateTimeOffset At);

    public static Decision Decide(By by, TextHash text, ImmutableArray<EditionKey> editions) =>
        Decision.Record(new ArticleDrafted(by.Writer, text, editions, by.At));

    public static void Map(RouteGroupBuilder articles) =>
        articles.MapPost("/", async (ArticleRequest request, Command command, IDocumentStore store, CancellationToken ct) =>
        {
            var text = request.Read(out var editions);
            var id = command.Receipt is { } key ? Uuid.From("article", key) : Guid.NewGuid();
            var drafted = await store.Create<Article>(id, command, async (session, token) =>
            {
                if (await KnownEdition.FirstUnknown(session, request.Editions, token) is { } fault) return (Decision.Refuse([fault]), Texts.NewTexts(id));
                var texts = Texts.NewTexts(id);
                return (Decide(new(command.Caller.Id, command.At), texts.Hash(text), editions), texts);
            }, ct);
            return await ReadArticle.Answer(drafted, command, null, store, ct);
        }).RequireAuthorization(Policy.Writing);
}
