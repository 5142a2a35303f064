using Marten;
using Vigil.Hosting;

namespace Vigil.Authoring.Articles;

/// <summary>
/// Two people issue the text of a story that was taken down as a new article, with an id and an address of its own: a draft, which needs its
/// own review by somebody who did not write it then.
/// </summary>
public static class ReissueArticle
{
    public sealed record By(Guid Editor, bool IsMachine, DateTimeOffset At);

    /// <summary>The one article that can come of it.</summary>
    public static Guid Successor(Guid article) => Uuid.From("reissue", article);

    public static Decision Decide(Article article, By by)
    {
        if (article.Release is not Release.TakenDown) return Decision.Refuse("article.not-taken-down");
        if (article.ReissuedAs is not null) return Decision.Nothing;
        if (by.IsMachine) return Decision.Refuse("article.machine-sign-off");
        var wish = new Proposal(ProposalKind.Reissue, by.Editor, TextOf(article), [], null, by.At);
        return wish.With(article.Proposal) switch
        {
            Agreement.First => Decision.Record(wish.Make()),
            Agreement.Own => Decision.Nothing,
            _ => Decision.Record(new ArticleReissued(by.Editor, Successor(article.Id), by.At)),
        };
    }

    // What was taken down, and not what was written since.
    static TextHash TextOf(Article article) => article.LiveText ?? article.Text;

    public static readonly Offer Offer = new("reissue", Policy.Editing, (article, caller, at) => Decide(article, new(caller.Id, caller.IsMachine, at)), ProposalKind.Reissue);

    public static void Map(RouteGroupBuilder articles) =>
        articles.MapPost(Offer.Route, async (Guid id, Command command, IDocumentStore store, CancellationToken ct) =>
        {
            var reissued = await store.Handled(Offer, id, command, async (article, _, session, token) =>
            {
                var decision = Offer.Ask(article, command.Caller, command.At);
                if (decision is Decision.Recorded { Events: [ArticleReissued issued] } && !await Begin(session, article, issued, token)) return Decision.Refuse("text.erased");
                return decision;
            }, ct);
            if (reissued.State.ReissuedAs is not { } successor) return await ReadArticle.Answer(reissued, command, Offer.Proposes, store, ct);
            await using var session = store.QuerySession();
            var begun = (await session.LoadAsync<Article>(successor, ct))!;
            return await ReadArticle.Answer(new(begun, begun.Version, Created: true), command, null, store, ct);
        }).RequireAuthorization(Offer.Policy).RequireFresh();

    /// <summary>The new stream, in the transaction of the old one's last event. The words come under a hash of the new article's own.</summary>
    static async Task<bool> Begin(IDocumentSession session, Article article, ArticleReissued issued, CancellationToken ct)
    {
        if ((await session.ReadTexts([TextOf(article)], ct)).Find<ArticleText>(TextOf(article)) is not { } text) return false;
        var texts = Texts.NewTexts(issued.As);
        session.Events.StartStream<Article>(issued.As,
            new ArticleDrafted(issued.By, texts.Hash(text with { Slug = null }), article.Editions, issued.At),
            new ArticleDescended(issued.By, article.Id, [.. article.LiveWriters.Union(article.Writers).Union([article.Author])], article.Hands, article.Protected, issued.At));
        return await texts.Store(session, ct);
    }
}
