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

    public static void Map(RouteGroupBuilder articles) =>
        articles.MapPost("/{id:guid}/approval", async (Guid id, Command command, IDocumentStore store, CancellationToken ct) =>
            await ReadArticle.Answer(await store.Handle<Article>(id, command, "article.unknown",
                article => Decide(article, new(command.Caller.Id, command.Caller.IsMachine, command.At)), ct), store, ct))
            .RequireAuthorization(Policy.Editing);
}
