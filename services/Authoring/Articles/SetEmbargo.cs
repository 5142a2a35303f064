using Marten;
using Vigil.Hosting;

namespace Vigil.Authoring.Articles;

/// <summary>The article's own earliest instant: nothing new of it goes out before. It never blocks writing, review, or a removal.</summary>
public static class SetEmbargo
{
    public sealed record By(Guid Editor, DateTimeOffset At);

    /// <param name="Until">An instant; null lifts it.</param>
    public sealed record Request(string? Until);

    public static Decision Decide(Article article, By by, DateTimeOffset? until) => article switch
    {
        _ when article.Ending() is { } ended => Decision.Refuse(ended),
        _ when until == article.Embargo => Decision.Nothing,
        _ when until <= by.At => Decision.Refuse("value.bad-time", "until"),
        _ when article.Schedule.Any(s => s.At < until) => Decision.Refuse("article.scheduled-earlier", "until"),
        _ => Decision.Record(new EmbargoSet(by.Editor, until, by.At)),
    };

    public static readonly Offer Offer = new("embargo", Policy.Editing,
        (article, caller, at) => Decide(article, new(caller.Id, at), article.Embargo is null ? article.Schedule.Select(s => s.At).Prepend(at.AddDays(1)).Min() : null));

    public static void Map(RouteGroupBuilder articles) =>
        articles.MapPost(Offer.Route, (Guid id, Request request, Command command, IDocumentStore store, CancellationToken ct) =>
        {
            DateTimeOffset? until = request.Until is { } text ? Instant.Read(text, "until") : null;
            return store.Carry(Offer, id, command, (article, _) => Decide(article, new(command.Caller.Id, command.At), until), ct);
        }).RequireAuthorization(Offer.Policy);
}
