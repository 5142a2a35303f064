using Marten;
using Vigil.Hosting;

namespace Vigil.Authoring.Articles;

/// <summary>
/// An editor signs off exactly this text. Nobody signs off a text they had a hand in, and no machine signs off at all. What a protective
/// correction brought out may be reviewed by the safety officer, too.
/// </summary>
public static class ApproveArticle
{
    public sealed record By(Guid Person, bool IsMachine, bool IsEditor, DateTimeOffset At);

    public static Decision Decide(Article article, By by) => article switch
    {
        _ when article.Ending() is { } ended => Decision.Refuse(ended),
        _ when !by.IsEditor && article.AwaitsReview != article.Text && article.Work is Work.InReview => Decision.Refuse("auth.forbidden"),
        { Work: Work.Approved or Work.Cleared } => Decision.Nothing,
        { Work: not Work.InReview } => Decision.Refuse("article.not-in-review"),
        _ when by.IsMachine => Decision.Refuse("article.machine-sign-off"),
        _ when article.Writers.Contains(by.Person) => Decision.Refuse("article.own-work"),
        _ => Decision.Record(new ArticleApproved(by.Person, article.Text, by.At)),
    };

    public static readonly Offer Offer = new("approval", Policy.Reviewing, (article, caller, at) => Decide(article, new(caller.Id, caller.IsMachine, caller.May(Policy.Editing), at)));

    public static void Map(RouteGroupBuilder articles) =>
        articles.MapPost(Offer.Route, (Guid id, Command command, IDocumentStore store, CancellationToken ct) =>
            store.Carry(Offer, id, command, (article, _) => Offer.Ask(article, command.Caller, command.At), ct)).RequireAuthorization(Offer.Policy);
}
