using Marten;
using Vigil.Hosting;

namespace Vigil.Authoring.Articles;

/// <summary>An editor signs off exactly this text. Nobody signs off a text they had a hand in, and no machine signs off at all.</summary>
public static class ApproveArticle
{
    public sealed record By(Guid Editor, bool IsMachine, DateTimeOffset At);

    public static Decision Decide(Article article, By by) => article switch
    {
        { Release: Release.TakenDown } => Decision.Refuse("article.taken-down"),
        { Work: Work.Approved } => Decision.Nothing,
        { Work: not Work.InReview } => Decision.Refuse("article.not-in-review"),
        _ when by.IsMachine => Decision.Refuse("article.machine-sign-off"),
        _ when article.Writers.Contains(by.Editor) => Decision.Refuse("article.own-work"),
        _ => Decision.Record(new ArticleApproved(by.Editor, article.Text, by.At)),
    };

    public static readonly Offer Offer = new("approval", Policy.Editing, (article, caller, at) => Decide(article, new(caller.Id, caller.IsMachine, at)));

    public static void Map(RouteGroupBuilder articles) =>
        articles.MapPost(Offer.Route, (Guid id, Command command, IDocumentStore store, CancellationToken ct) =>
            store.Carry(id, command, (article, _) => Offer.Ask(article, command.Caller, command.At), ct)).RequireAuthorization(Offer.Policy);
}
