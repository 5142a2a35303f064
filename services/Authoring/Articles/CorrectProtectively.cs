using System.Collections.Immutable;
using Marten;
using Vigil.Authoring.Editions;
using Vigil.Hosting;

namespace Vigil.Authoring.Articles;

/// <summary>
/// One person replaces what is live, at once and everywhere, since it endangers somebody. To readers it is a minor correction; every earlier
/// text is erased, drafts included; a second person reviews it afterwards. Who has emptied <see cref="TakeDownArticle.Most"/> stories lately makes
/// further ones dark instead: the new text waits as a draft, nothing is erased, and two people bring the story back.
/// </summary>
public static class CorrectProtectively
{
    /// <param name="Earlier">The texts that the article has had and that still stand.</param>
    /// <param name="Lately">As for a takedown.</param>
    public sealed record By(Guid Person, bool IsMachine, int Lately, ImmutableArray<TextHash> Earlier, DateTimeOffset At);

    public static Decision Decide(Article article, By by, TextHash text, ImmutableArray<EditionKey> editions)
    {
        if (article.Ending() is { } ended) return Decision.Refuse(ended);
        var revised = text != article.Text || !editions.SequenceEqual(article.Editions);
        var dark = by.Lately >= TakeDownArticle.Most;
        if (dark && article.Release is Release.Withdrawn && !revised) return Decision.Nothing;
        if (article.Release is not Release.Live) return Decision.Refuse("article.not-live");
        if (by.IsMachine) return Decision.Refuse("article.machine-sign-off");
        if (!revised && article.LiveText == text && article.LastRelease is ReleaseKind.Protective) return Decision.Nothing;
        object[] revision = revised ? [new ArticleRevised(by.Person, text, editions, by.At)] : [];
        if (dark) return Decision.Record([new ArticleWithdrawn(by.Person, null, null, by.At), .. revision]);
        return Decision.Record(
        [
            .. revision,
            new ArticleReleased(by.Person, text, ReleaseKind.Protective, article.LiveIn, article.FirstPublished!.Value, null, article.Modified, article.Corrections, by.At),
            .. by.Earlier.Where(t => t != text).Select(t => new EarlierTextErased(by.Person, t, by.At)),
        ]);
    }

    public static readonly Offer Offer = new("protective-correction", Policy.Reviewing,
        (article, caller, at) => Decide(article, new(caller.Id, caller.IsMachine, 0, [], at), Offer.SomeText, article.Editions));

    public static void Map(RouteGroupBuilder articles) =>
        articles.MapPost(Offer.Route, (Guid id, ArticleRequest request, Command command, IDocumentStore store, CancellationToken ct) =>
        {
            var text = request.Read(out var editions);
            return store.Carry(Offer, id, command.MustExpect(), async (article, texts, session, token) =>
            {
                if (await KnownEdition.FirstUnknown(session, request.Editions, token) is { } fault) return Decision.Refuse([fault]);
                var revisions = ListRevisions.In(await session.Events.FetchStreamAsync(id, token: token)).Select(r => r.Text).Distinct();
                var lately = await LatelyTakenDown.Count(session, id, command.Caller.Id, command.At, token);
                var by = new By(command.Caller.Id, command.Caller.IsMachine, lately, [.. await session.StandingTexts(revisions, token)], command.At);
                var decision = Decide(article, by, texts.Hash(text), editions);
                if (decision is not Decision.Recorded { Events: var events }) return decision;
                session.EraseTexts(id, events.OfType<EarlierTextErased>().Select(e => e.Text));
                if (lately < TakeDownArticle.Most) session.Store(LatelyTakenDown.Of(id, command.Caller.Id, command.At));
                return decision;
            }, ct);
        }).RequireAuthorization(Offer.Policy);
}
