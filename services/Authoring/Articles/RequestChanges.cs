using Marten;
using Vigil.Hosting;

namespace Vigil.Authoring.Articles;

/// <summary>An editor sends a text back with a note for its writers.</summary>
public static class RequestChanges
{
    public sealed record By(Guid Editor, bool IsMachine, DateTimeOffset At);

    public sealed record Request(string Note);

    public static Decision Decide(Article article, By by, TextHash note) => article switch
    {
        _ when article.Ending() is { } ended => Decision.Refuse(ended),
        { Work: Work.ChangesRequested } when article.Note == note => Decision.Nothing,
        { Work: not Work.InReview } => Decision.Refuse("article.not-in-review"),
        _ when by.IsMachine => Decision.Refuse("article.machine-sign-off"),
        _ => Decision.Record(new ChangesRequested(by.Editor, article.Text, note, by.At)),
    };

    public static readonly Offer Offer = new("changes-request", Policy.Editing,
        (article, caller, at) => Decide(article, new(caller.Id, caller.IsMachine, at), Offer.SomeText));

    public static void Map(RouteGroupBuilder articles) =>
        articles.MapPost(Offer.Route, (Guid id, Request request, Command command, IDocumentStore store, CancellationToken ct) =>
        {
            var note = Reason.Read(request.Note, "note") ?? throw new RefusedException(new Fault("text.required", "note"));
            return store.Carry(Offer, id, command, (article, texts) => Decide(article, new(command.Caller.Id, command.Caller.IsMachine, command.At), texts.Hash(note)), ct);
        }).RequireAuthorization(Offer.Policy);
}
