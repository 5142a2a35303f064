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
        _ when article.Ending() is { } ended => Decision.Refuse(ended),
        _ when text == article.Text && editions.SequenceEqual(article.Editions) => Decision.Nothing,
        _ => Decision.Record(new ArticleRevised(by.Writer, text, editions, by.At)),
    };

    /// <summary>The one command that is no address of its own: PUT on the article.</summary>
    public static readonly Offer Offer = new("revision", Policy.Writing, (article, caller, at) => Decide(article, new(caller.Id, at), Offer.SomeText, article.Editions));

    public static void Map(RouteGroupBuilder articles) =>
        articles.MapPut("/{id:guid}", (Guid id, ArticleRequest request, Command command, IDocumentStore store, CancellationToken ct) =>
        {
            var text = request.Read(out var editions);
            return store.Carry(Offer, id, command.MustExpect(), async (article, texts, session, token) =>
                await KnownEdition.FirstUnknown(session, request.Editions, token) is { } fault
                    ? Decision.Refuse([fault])
                    : Decide(article, new(command.Caller.Id, command.At), texts.Hash(text), editions), ct);
        }).RequireAuthorization(Offer.Policy);
}
