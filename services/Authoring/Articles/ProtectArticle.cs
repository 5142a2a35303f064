using Marten;
using Vigil.Hosting;

namespace Vigil.Authoring.Articles;

/// <summary>Anybody of the newsroom marks an article protected: from then on few know of it, and it goes out cleared only. The safety officer alone lifts that.</summary>
public static class ProtectArticle
{
    public sealed record By(Guid Person, bool IsMachine, bool IsSafety, DateTimeOffset At);

    public sealed record Request(bool Protected, string? Reason = null);

    public static Decision Decide(Article article, By by, bool wanted, TextHash? reason) => article switch
    {
        _ when wanted == article.Protected => Decision.Nothing,
        _ when wanted => Decision.Record(new ArticleProtected(by.Person, by.At)),
        _ when !by.IsSafety => Decision.Refuse("article.only-safety"),
        _ when by.IsMachine => Decision.Refuse("article.machine-sign-off"),
        _ when reason is null => Decision.Refuse("text.required", "reason"),
        _ => Decision.Record(new ProtectionLifted(by.Person, reason.Value, by.At)),
    };

    public static readonly Offer Offer = new("protection", Policy.Staff, (article, caller, at) => Decide(article, Of(caller, at), !article.Protected, Offer.SomeText));

    static By Of(Caller caller, DateTimeOffset at) => new(caller.Id, caller.IsMachine, caller.May(Policy.Safety), at);

    public static void Map(RouteGroupBuilder articles) =>
        articles.MapPost(Offer.Route, (Guid id, Request request, Command command, IDocumentStore store, CancellationToken ct) =>
        {
            var reason = Reason.Read(request.Reason, "reason");
            return store.Carry(Offer, id, command, (article, texts) =>
                Decide(article, Of(command.Caller, command.At), request.Protected, reason is null || request.Protected ? null : texts.Hash(reason)), ct);
        }).RequireAuthorization(Offer.Policy);
}
