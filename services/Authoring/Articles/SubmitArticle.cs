using Marten;
using Vigil.Hosting;

namespace Vigil.Authoring.Articles;

/// <summary>A draft goes to review.</summary>
public static class SubmitArticle
{
    public sealed record By(Guid Writer, DateTimeOffset At);

    public static Decision Decide(Article article, By by) => article switch
    {
        _ when article.Ending() is { } ended => Decision.Refuse(ended),
        { Work: Work.InReview } => Decision.Nothing,
        { Work: not Work.Drafting } => Decision.Refuse("article.not-drafting"),
        _ => Decision.Record(new ArticleSubmitted(by.Writer, article.Text, by.At)),
    };

    public static readonly Offer Offer = new("submission", Policy.Writing, (article, caller, at) => Decide(article, new(caller.Id, at)));

    public static void Map(RouteGroupBuilder articles) =>
        articles.MapPost(Offer.Route, (Guid id, Command command, IDocumentStore store, CancellationToken ct) =>
            store.Carry(Offer, id, command, async (article, _, session, token) => await Completeness.Of(article, session, token) is { } fault
                ? Decision.Refuse([fault])
                : Offer.Ask(article, command.Caller, command.At), ct)).RequireAuthorization(Offer.Policy);

    /// <summary>A draft may be half empty; what goes to review must have a body that is not erased.</summary>
    static class Completeness
    {
        public static async Task<Fault?> Of(Article article, IQuerySession session, CancellationToken ct) =>
            article.Work is not Work.Drafting || article.Ending() is not null ? null
            : (await session.ReadTexts([article.Text], ct)).Find<ArticleText>(article.Text) is not { } text ? new("text.erased")
            : string.IsNullOrWhiteSpace(text.Body) ? new("text.required", "body") : null;
    }
}
