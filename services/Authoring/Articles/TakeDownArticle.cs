using Marten;
using Microsoft.AspNetCore.Mvc;
using Vigil.Hosting;

namespace Vigil.Authoring.Articles;

/// <summary>One person removes a story for ever, everywhere: its addresses answer 410 from then on.</summary>
public static class TakeDownArticle
{
    public sealed record By(Guid Person, TextHash? Reason, DateTimeOffset At);

    public sealed record Request(string? Reason = null);

    public static Decision Decide(Article article, By by) => article switch
    {
        { Release: Release.TakenDown } => Decision.Nothing,
        { Release: Release.Unreleased } => Decision.Refuse("article.never-released"),
        _ => Decision.Record(new ArticleTakenDown(by.Person, by.Reason, by.At)),
    };

    public static readonly Offer Offer = new("takedown", Policy.Removing, (article, caller, at) => Decide(article, new(caller.Id, null, at)));

    public static void Map(RouteGroupBuilder articles) =>
        articles.MapPost(Offer.Route, (Guid id, [FromBody(EmptyBodyBehavior = Microsoft.AspNetCore.Mvc.ModelBinding.EmptyBodyBehavior.Allow)] Request? request,
            Command command, IDocumentStore store, CancellationToken ct) =>
        {
            var reason = Reason.Read(request?.Reason, "reason");
            return store.Carry(id, command, (article, texts) => Decide(article, new(command.Caller.Id, reason is null ? null : texts.Hash(reason), command.At)), ct);
        }).RequireAuthorization(Offer.Policy);
}
