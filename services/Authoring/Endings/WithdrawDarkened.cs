using Marten;
using Marten.Events;
using Vigil.Authoring.Articles;
using Vigil.Hosting;

namespace Vigil.Authoring.Endings;

/// <summary>
/// A story that somebody made dark at the gateway, while not everything was there, is withdrawn in earnest, on that person's behalf and
/// everywhere. What has ended already is answered likewise: the gateway asks when it may leave the darkness to Publishing.
/// </summary>
public static class WithdrawDarkened
{
    /// <param name="Sequence">Of the article's newest ending: whoever has heard the lane up to there shows the story no more.</param>
    public sealed record View(long Sequence);

    public static Decision Decide(Article article, WithdrawArticle.By by) =>
        article.Ending() is not null ? Decision.Nothing : WithdrawArticle.Decide(article, by);

    public static void Map(WebApplication app) =>
        app.MapPost(Inner.Path + "/articles/{id:guid}/withdrawal", async (Guid id, Command command, IDocumentStore store, CancellationToken ct) =>
        {
            await store.Handle<Article>(id, command, "article.unknown", article => Decide(article, new(command.Caller.Id, Editions: null, Reason: null, command.At)), ct);
            await using var session = store.QuerySession();
            var endings = Announcements.All.Lanes.Single(l => l.Name == Endings.Lane).Events;
            return new View(await session.Events.QueryAllRawEvents().Where(e => e.StreamId == id && e.EventTypesAre(endings)).MaxAsync(e => e.Sequence, ct));
        }).RequireAuthorization(Inner.Policy);
}
