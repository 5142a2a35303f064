using System.Collections.Immutable;
using JasperFx.Events;
using Marten;
using Vigil.Hosting;

namespace Vigil.Authoring.Articles;

/// <summary>
/// Words go for ever, here and in every service that has a copy; the history keeps that there were some. Either those of one revision, which
/// must not be live, or all notes, reasons and notices about the article; readers of a live one then see it without the notes of its corrections.
/// </summary>
public static class EraseText
{
    public sealed record By(Guid Officer, bool IsMachine, TextHash? Reason, DateTimeOffset At);

    public sealed record Request(int? Revision = null, bool Notes = false, string? Reason = null);

    public static Decision Decide(Article article, TextHash? text, bool isErased, By by) => text switch
    {
        null => Decision.Refuse("article.no-such-revision", "revision"),
        _ when isErased => Decision.Nothing,
        _ when by.IsMachine => Decision.Refuse("article.machine-sign-off"),
        { } hash when article.Release is Release.Live && article.LiveText == hash => Decision.Refuse("article.live"),
        { } hash => Decision.Record(new TextErased(by.Officer, hash, by.Reason, by.At)),
    };

    /// <param name="notes">Those that still stand.</param>
    public static Decision DecideNotes(Article article, ImmutableArray<TextHash> notes, By by)
    {
        if (notes.IsEmpty) return Decision.Nothing;
        if (by.IsMachine) return Decision.Refuse("article.machine-sign-off");
        var erased = notes.Select(n => new TextErased(by.Officer, n, by.Reason, by.At));
        return article.Release is not Release.Live || !article.Corrections.Any(c => notes.Contains(c.Note)) ? Decision.Record([.. erased])
            : Decision.Record([.. erased, new ArticleReleased(by.Officer, article.LiveText!.Value, ReleaseKind.Update, article.LiveIn, article.FirstPublished!.Value, null,
                article.Modified, [.. article.Corrections.Where(c => !notes.Contains(c.Note))], by.At)]);
    }

    /// <summary>Every note, reason and notice that the article ever had.</summary>
    static IEnumerable<TextHash> NotesIn(IEnumerable<IEvent> stream) => stream.SelectMany(e => e.Data switch
    {
        ChangesRequested c => [c.Note],
        ProtectionLifted p => [p.Reason],
        ArticleReleased r => r.Corrections.Select(c => c.Note),
        ArticleWithdrawn { Reason: { } reason } => [reason],
        ArticleTakenDown { Reason: { } reason } => [reason],
        TextErased { Reason: { } reason } => [reason],
        ProposalMade { Kind: ProposalKind.Retraction, Text: { } notice } => [notice],
        ArticleRetracted r => [r.Notice],
        _ => Enumerable.Empty<TextHash>(),
    }).Distinct();

    public static readonly Offer Offer = new("erasure", Policy.Safety,
        (article, caller, at) => Decide(article, article.Text, isErased: false, new(caller.Id, caller.IsMachine, null, at)));

    public static void Map(RouteGroupBuilder articles) =>
        articles.MapPost(Offer.Route, (Guid id, Request request, Command command, IDocumentStore store, CancellationToken ct) =>
        {
            if (request.Revision is null != request.Notes) throw new RefusedException(new Fault("article.revision-or-notes", "revision"));
            var reason = Reason.Read(request.Reason, "reason");
            return store.Carry(Offer, id, command, async (article, texts, session, token) =>
            {
                var stream = await session.Events.FetchStreamAsync(id, token: token);
                TextHash[] named = request.Notes ? [.. NotesIn(stream)] : [.. ListRevisions.In(stream).Where(r => r.Number == request.Revision).Select(r => r.Text)];
                var standing = await session.StandingTexts(named, token);
                var by = new By(command.Caller.Id, command.Caller.IsMachine, reason is null || standing.Count == 0 ? null : texts.Hash(reason), command.At);
                var decision = request.Notes ? DecideNotes(article, [.. standing], by) : Decide(article, named.Length == 0 ? null : named[0], standing.Count == 0, by);
                if (decision is Decision.Recorded) session.EraseTexts(id, standing);
                return decision;
            }, ct);
        }).RequireAuthorization(Offer.Policy).RequireFresh();
}
