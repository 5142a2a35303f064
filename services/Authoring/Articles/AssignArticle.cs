using Marten;
using Vigil.Hosting;

namespace Vigil.Authoring.Articles;

/// <summary>
/// Whoever sees an article whole hands it to a colleague: without this, nobody could review what was protected before others had seen it.
/// DELETE …/assignment/{account} takes it from them again.
/// </summary>
public static class AssignArticle
{
    public sealed record By(Guid Person, DateTimeOffset At);

    /// <param name="To">The colleague's account.</param>
    public sealed record Request(Guid To);

    public static Decision Decide(Article article, By by, Guid to) =>
        article.Assignees.Contains(to) ? Decision.Nothing : Decision.Record(new ArticleAssigned(by.Person, to, by.At));

    public static Decision DecideToTake(Article article, By by, Guid from) =>
        article.Assignees.Contains(from) ? Decision.Record(new AssignmentEnded(by.Person, from, by.At)) : Decision.Nothing;

    public static readonly Offer Offer = new("assignment", Policy.Drafts, (article, caller, at) => Decide(article, new(caller.Id, at), Guid.Empty));

    public static void Map(RouteGroupBuilder articles)
    {
        articles.MapPost(Offer.Route, (Guid id, Request request, Command command, IDocumentStore store, CancellationToken ct) =>
            store.Carry(Offer, id, command, (article, _) => Decide(article, new(command.Caller.Id, command.At), request.To), ct)).RequireAuthorization(Offer.Policy);

        articles.MapDelete($"{Offer.Route}/{{account:guid}}", (Guid id, Guid account, Command command, IDocumentStore store, CancellationToken ct) =>
            store.Carry(Offer, id, command, (article, _) => DecideToTake(article, new(command.Caller.Id, command.At), account), ct)).RequireAuthorization(Offer.Policy);
    }
}
