using Marten;
using Vigil.Hosting;

namespace Vigil.Authoring.Articles;

/// <summary>The safety officer signs off exactly this approved text: a protected article goes out with it alone.</summary>
public static class ClearArticle
{
    public sealed record By(Guid Officer, bool IsMachine, DateTimeOffset At);

    public static Decision Decide(Article article, By by) => article switch
    {
        _ when article.Ending() is { } ended => Decision.Refuse(ended),
        { Work: Work.Cleared } => Decision.Nothing,
        { Work: not Work.Approved } => Decision.Refuse("article.not-approved"),
        _ when by.IsMachine => Decision.Refuse("article.machine-sign-off"),
        _ when article.Writers.Contains(by.Officer) => Decision.Refuse("article.own-work"),
        _ => Decision.Record(new ArticleCleared(by.Officer, article.Text, by.At)),
    };

    public static readonly Offer Offer = new("clearance", Policy.Safety, (article, caller, at) => Decide(article, new(caller.Id, caller.IsMachine, at)));

    public static void Map(RouteGroupBuilder articles) =>
        articles.MapPost(Offer.Route, (Guid id, Command command, IDocumentStore store, CancellationToken ct) =>
            store.Carry(Offer, id, command, (article, _) => Offer.Ask(article, command.Caller, command.At), ct)).RequireAuthorization(Offer.Policy);
}
