using System.Collections.Immutable;
using System.Globalization;
using Marten;
using Microsoft.AspNetCore.Mvc;
using Vigil.Authoring.Editions;
using Vigil.Hosting;

namespace Vigil.Authoring.Articles;

/// <summary>
/// An approved text goes live in the named editions, by default all that the article names. Where it was withdrawn, two people bring it
/// back: the first asks, another completes within a day.
/// </summary>
public static class PublishArticle
{
    /// <param name="Mail">When the mail leaves; null: no mail.</param>
    public sealed record By(Guid Person, bool IsMachine, ImmutableArray<EditionKey>? Editions, DateTimeOffset? Mail, DateTimeOffset At);

    /// <param name="Mail"><c>none</c>, <c>now</c> (the default) or an instant.</param>
    public sealed record Request(IReadOnlyList<string>? Editions = null, string? Mail = null);

    public static Decision Decide(Article article, By by)
    {
        if (article.Release is Release.TakenDown) return Decision.Refuse("article.taken-down");
        if (article.Release is Release.Live && article.LiveText != article.Text) return Decision.Refuse("article.live");
        if (article.Work is not Work.Approved) return Decision.Refuse("article.not-approved");
        var named = by.Editions ?? article.Editions;
        if (named.IsEmpty) return Decision.Refuse("article.no-edition", "editions");
        var all = article.LiveIn.Union(named).ToImmutableArray();
        if (article.Release is Release.Live && all.Length == article.LiveIn.Length) return Decision.Nothing;

        if (article.Release is Release.Withdrawn || named.Any(article.WithdrawnIn.Contains))
        {
            if (by.IsMachine) return Decision.Refuse("article.machine-sign-off");
            var asked = article.Proposal is { } p && p.Text == article.Text && p.Editions.ToHashSet().SetEquals(named) && by.At - p.At < Proposal.Stands ? p : null;
            if (asked is null) return Decision.Record(new RepublicationProposed(by.Person, article.Text, named, by.At));
            if (asked.By == by.Person) return Decision.Nothing;
        }
        var kind = article.FirstPublished is null ? ReleaseKind.First : ReleaseKind.Update;
        return Decision.Record(new ArticleReleased(by.Person, article.Text, kind, all, article.FirstPublished ?? by.At, by.Mail, by.At));
    }

    public static readonly Offer Offer = new("publication", Policy.Releasing,
        (article, caller, at) => Decide(article, new(caller.Id, caller.IsMachine, null, null, at)));

    public static void Map(RouteGroupBuilder articles) =>
        articles.MapPost(Offer.Route, (Guid id, [FromBody(EmptyBodyBehavior = Microsoft.AspNetCore.Mvc.ModelBinding.EmptyBodyBehavior.Allow)] Request? request,
            Command command, IDocumentStore store, CancellationToken ct) =>
        {
            var mail = MailOf(request?.Mail, command.At);
            return store.Carry(id, command, async (article, _, session, token) =>
                request?.Editions is { } named && await KnownEdition.FirstUnknown(session, named, token) is { } fault
                    ? Decision.Refuse([fault])
                    : mail < command.At ? Decision.Refuse("value.bad-time", "mail")
                    : Decide(article, new(command.Caller.Id, command.Caller.IsMachine,
                        request?.Editions?.Select(e => new EditionKey(e)).Distinct().ToImmutableArray(), mail, command.At)), ct);
        }).RequireAuthorization(Offer.Policy);

    static DateTimeOffset? MailOf(string? mail, DateTimeOffset now) => mail switch
    {
        null or "now" => now,
        "none" => null,
        _ when DateTimeOffset.TryParseExact(mail, ["yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)
            && (mail.EndsWith('Z') || mail.LastIndexOfAny(['+', '-']) > 10) => at.ToUniversalTime(),
        _ => throw new RefusedException(new Fault("value.bad-time", "mail")),
    };
}
