using Marten;
using Vigil.Hosting;

namespace Vigil.Authoring.Articles;

/// <summary>What one person proposed waits no longer: DELETE on the command that proposed it, by whoever may give that command.</summary>
public static class DropProposal
{
    public sealed record By(Guid Person, DateTimeOffset At);

    public static Decision Decide(Article article, By by, ProposalKind kind) => article.Proposal is { } standing && standing.Kind == kind && standing.Awaits(by.At)
        ? Decision.Record(new ProposalDropped(by.Person, kind, by.At))
        : Decision.Nothing;

    public static void Map(RouteGroupBuilder articles)
    {
        foreach (var offer in Articles.Offers.Where(o => o.Proposes is not null))
            articles.MapDelete(offer.Route, (Guid id, Command command, IDocumentStore store, CancellationToken ct) =>
                store.Carry(offer, id, command, (article, _) => Decide(article, new(command.Caller.Id, command.At), offer.Proposes!.Value), ct)).RequireAuthorization(offer.Policy);
    }
}
