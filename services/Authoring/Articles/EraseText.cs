using Marten;
using Vigil.Hosting;

namespace Vigil.Authoring.Articles;

/// <summary>
/// The words of one revision go for ever, here and in every service that has a copy; the history keeps that there was a revision.
/// A text that is live must be withdrawn, taken down or replaced first.
/// </summary>
public static class EraseText
{
    public sealed record By(Guid Officer, bool IsMachine, TextHash? Reason, DateTimeOffset At);

    public sealed record Request(int Revision, string? Reason = null);

    public static Decision Decide(Article article, TextHash? text, bool isErased, By by) => text switch
    {
        null => Decision.Refuse("article.no-such-revision", "revision"),
        _ when isErased => Decision.Nothing,
        _ when by.IsMachine => Decision.Refuse("article.machine-sign-off"),
        { } hash when article.Release is Release.Live && article.LiveText == hash => Decision.Refuse("article.live"),
        { } hash => Decision.Record(new TextErased(by.Officer, hash, by.Reason, by.At)),
    };

    public static readonly Offer Offer = new("erasure", Policy.Safety,
        (article, caller, at) => Decide(article, article.Text, isErased: false, new(caller.Id, caller.IsMachine, null, at)));

    public static void Map(RouteGroupBuilder articles) =>
        articles.MapPost(Offer.Route, (Guid id, Request request, Command command, IDocumentStore store, CancellationToken ct) =>
        {
            var reason = Reason.Read(request.Reason, "reason");
            return store.Carry(id, command, async (article, texts, session, token) =>
            {
                var revision = ListRevisions.In(await session.Events.FetchStreamAsync(id, token: token)).FirstOrDefault(r => r.Number == request.Revision);
                var erased = revision is not null && (await session.ReadTexts([revision.Text], token)).Find<ArticleText>(revision.Text) is null;
                var decision = Decide(article, revision?.Text, erased,
                    new(command.Caller.Id, command.Caller.IsMachine, reason is null || erased ? null : texts.Hash(reason), command.At));
                if (decision is Decision.Recorded) session.EraseTexts(id, [revision!.Text]);
                return decision;
            }, ct);
        }).RequireAuthorization(Offer.Policy);
}
