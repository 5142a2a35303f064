using System.Collections.Immutable;
using Marten;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Vigil.Authoring.Editions;
using Vigil.Hosting;

namespace Vigil.Authoring.Articles;

/// <summary>One person makes a story answer as if it were not there, everywhere or in the named editions; what is scheduled there does not go out.</summary>
public static class WithdrawArticle
{
    public sealed record By(Guid Person, ImmutableArray<EditionKey>? Editions, TextHash? Reason, DateTimeOffset At);

    public sealed record Request(string? Reason = null, IReadOnlyList<string>? Editions = null);

    public static Decision Decide(Article article, By by) => article switch
    {
        _ when article.Ending() is { } ended => Decision.Refuse(ended),
        { Release: Release.Unreleased } => Decision.Refuse("article.never-released"),
        _ when by.Editions is { IsEmpty: true } => Decision.Refuse("article.no-edition", "editions"),
        { Release: Release.Withdrawn, Schedule.IsEmpty: true } => Decision.Nothing,
        _ when by.Editions is { } named && !named.Any(e => article.LiveIn.Contains(e) || article.Schedule.Any(s => s.Edition == e)) =>
            named.All(article.WithdrawnIn.Contains) ? Decision.Nothing : Decision.Refuse("article.not-live", "editions"),
        _ => Decision.Record(new ArticleWithdrawn(by.Person, by.Editions, by.Reason, by.At)),
    };

    public static readonly Offer Offer = new("withdrawal", Policy.Removing, (article, caller, at) => Decide(article, new(caller.Id, null, null, at)));

    public static void Map(RouteGroupBuilder articles) =>
        articles.MapPost(Offer.Route, (Guid id, [FromBody(EmptyBodyBehavior = EmptyBodyBehavior.Allow)] Request? request, Command command, IDocumentStore store, CancellationToken ct) =>
        {
            var reason = Reason.Read(request?.Reason, "reason");
            return store.Carry(Offer, id, command, async (article, texts, session, token) =>
                request?.Editions is { } named && await KnownEdition.FirstUnknown(session, named, token) is { } fault
                    ? Decision.Refuse([fault])
                    : Decide(article, new(command.Caller.Id, KnownEdition.Keys(request?.Editions), reason is null ? null : texts.Hash(reason), command.At)), ct);
        }).RequireAuthorization(Offer.Policy);
}
