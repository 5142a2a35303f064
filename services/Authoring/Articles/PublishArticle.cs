using System.Collections.Immutable;
using Marten;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Vigil.Authoring.Editions;
using Vigil.Hosting;

namespace Vigil.Authoring.Articles;

/// <summary>
/// A signed-off text goes live in the named editions, by default all that the article names. Where it was withdrawn, two people bring it
/// back: the first asks, another completes within a day, by default in the same editions and with the same mail.
/// </summary>
public static class PublishArticle
{
    /// <param name="Mail">Null: nothing was said.</param>
    public sealed record By(Guid Person, bool IsMachine, ImmutableArray<EditionKey>? Editions, MailWish? Mail, DateTimeOffset At);

    /// <param name="Mail"><c>none</c>, <c>now</c> (the default) or an instant.</param>
    public sealed record Request(IReadOnlyList<string>? Editions = null, string? Mail = null);

    public static Decision Decide(Article article, By by)
    {
        if (article.Ending() is { } ended) return Decision.Refuse(ended);
        if (article.Release is Release.Live && article.LiveText != article.Text) return Decision.Refuse("article.live");
        var asked = article.Proposal is { Kind: ProposalKind.Republication } standing && standing.Awaits(by.At) ? standing : null;
        var named = by.Editions ?? asked?.Editions ?? article.Editions;
        var all = article.LiveIn.Union(named).ToImmutableArray();
        if (article.Lack() is { } lack) return Decision.Refuse(lack);
        if (named.IsEmpty) return Decision.Refuse("article.no-edition", "editions");
        if (article.Release is Release.Live && all.Length == article.LiveIn.Length) return Decision.Nothing;
        if (article.Embargo > by.At) return Decision.Refuse("article.embargoed");

        var mail = by.Mail ?? asked?.Mail ?? MailWish.Now;
        if (article.Release is Release.Withdrawn || named.Any(article.WithdrawnIn.Contains))
        {
            if (by.IsMachine) return Decision.Refuse("article.machine-sign-off");
            var wish = new Proposal(ProposalKind.Republication, by.Person, article.Text, named, mail, by.At);
            switch (wish.With(article.Proposal))
            {
                case Agreement.First: return Decision.Record(wish.Make());
                case Agreement.Own: return Decision.Nothing;
            }
        }
        var kind = article.FirstPublished is null ? ReleaseKind.First : ReleaseKind.Update;
        return Decision.Record(new ArticleReleased(by.Person, article.Text, kind, all, article.FirstPublished ?? by.At, mail.From(by.At), article.Modified, article.Corrections, by.At));
    }

    public static readonly Offer Offer = new("publication", Policy.Releasing,
        (article, caller, at) => Decide(article, new(caller.Id, caller.IsMachine, null, null, at)), ProposalKind.Republication);

    public static void Map(RouteGroupBuilder articles) =>
        articles.MapPost(Offer.Route, (Guid id, [FromBody(EmptyBodyBehavior = EmptyBodyBehavior.Allow)] Request? request, Command command, IDocumentStore store, CancellationToken ct) =>
        {
            var mail = MailWish.Read(request?.Mail, command.At);
            return store.Carry(Offer, id, command, async (article, _, session, token) =>
                request?.Editions is { } named && await KnownEdition.FirstUnknown(session, named, token) is { } fault
                    ? Decision.Refuse([fault])
                    : Decide(article, new(command.Caller.Id, command.Caller.IsMachine, KnownEdition.Keys(request?.Editions), mail, command.At)), ct);
        }).RequireAuthorization(Offer.Policy);
}
