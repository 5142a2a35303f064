using Marten;
using Vigil.Contracts.Authoring;
using Vigil.Contracts.Publishing;
using Vigil.Hosting;

namespace Vigil.Notification.Mailings;

/// <summary>
/// A story was withdrawn, retracted or taken down: what has not left stays. It counts from the commit on, since every worker asks before each mail.
/// A withdrawn story that nobody was told of may be planned anew by a later publication; one that some were told of never is.
/// </summary>
public static class HaltMailing
{
    public sealed record Command(Halt Halt, long Version, DateTimeOffset At);

    public static Decision Decide(Mailing mailing, Command command) => mailing switch
    {
        { Stage: not (Stage.Waiting or Stage.Sending) } or { Occasion: Occasion.Notice } => Decision.Nothing,
        { Occasion: Occasion.Retraction } when command.Halt is not Halt.TakenDown => Decision.Nothing,
        _ when command.Halt is Halt.Retracted or Halt.TakenDown || command.Version >= mailing.ArticleVersion => Decision.Record(new MailingHalted(command.Halt, command.Version, command.At)),
        _ => Decision.Nothing,
    };

    /// <summary>What was to be told of a correction is not, once the words from before some version are a danger.</summary>
    public static Decision DecideProtected(Mailing mailing, long before, DateTimeOffset at) =>
        mailing is { Stage: Stage.Waiting or Stage.Sending, Occasion: Occasion.Correction } && mailing.ArticleVersion < before
            ? Decision.Record(new MailingHalted(Halt.Protected, before, at))
            : Decision.Nothing;

    public static Task Handle(ArticleWithdrawn m, IDocumentStore store, CancellationToken ct) =>
        Handle(store, m.ArticleId, m.Editions, new(Halt.Withdrawn, m.Version, m.At), ct);

    public static Task Handle(ArticleRetracted m, IDocumentStore store, CancellationToken ct) =>
        Handle(store, m.ArticleId, null, new(Halt.Retracted, m.Version, m.At), ct);

    public static Task Handle(ArticleTakenDown m, IDocumentStore store, CancellationToken ct) =>
        Handle(store, m.ArticleId, null, new(Halt.TakenDown, m.Version, m.At), ct);

    /// <summary>Covers what Authoring has no message for: an edition that an article's new release leaves out.</summary>
    public static Task Handle(PublicationEnded m, IDocumentStore store, CancellationToken ct) => m.Ending switch
    {
        Ending.TakenDown => Handle(store, m.ArticleId, null, new(Halt.TakenDown, m.Version, m.At), ct),
        Ending.Retracted => FollowUp.Handle(m, store, ct),
        _ => Handle(store, m.ArticleId, [m.Edition], new(Halt.Withdrawn, m.Version, m.At), ct),
    };

    static async Task Handle(IDocumentStore store, Guid article, IReadOnlyList<string>? editions, Command command, CancellationToken ct)
    {
        await using var session = store.LightweightSession();
        var gate = await Gate.Find(session, article, ct);
        await (await Close(session, gate, article, editions, command, ct)).Save(session, ct);
    }

    internal static async Task<Gate> Close(IDocumentSession session, Gate gate, Guid article, IReadOnlyList<string>? editions, Command command, CancellationToken ct)
    {
        // Said again, it would take the words of its own follow-up.
        if (command.Halt is Halt.Retracted && gate.HasEnded) return gate;
        var closed = command.Halt switch
        {
            Halt.TakenDown => gate.TakeDown(),
            Halt.Retracted => gate.Retract(),
            _ => gate.Withdraw(editions, command.Version),
        };
        var mailings = await session.Query<Mailing>().Where(m => m.Article == article).ToListAsync(ct);
        foreach (var mailing in mailings)
        {
            if (editions is not null && !editions.Contains(mailing.Edition.Value)) continue;
            var stream = await session.Events.FetchForWriting<Mailing>(mailing.Id, ct);
            if (Decide(stream.Aggregate!, command) is Decision.Recorded { Events: var events }) stream.AppendMany(events);
            // Words of a publication newer than this ending stay.
            if (command.Halt is Halt.Withdrawn && mailings.All(m => m.Edition != mailing.Edition || command.Version >= m.ArticleVersion)
                && !(closed.Changes.GetValueOrDefault(mailing.Edition.Value)?.Version > command.Version)) Story.Drop(session, article, mailing.Edition);
        }
        if (command.Halt is Halt.TakenDown) await session.EraseAllTexts(article, ct);
        else if (command.Halt is Halt.Retracted) Story.DropAll(session, article);
        else
            // Words that no mailing has taken up; what a mailing has is judged above, by the version that it mails.
            foreach (var (edition, change) in closed.Changes)
                if (closed.Stops(new(edition), change.Version) && mailings.All(m => m.Edition.Value != edition)) Story.Drop(session, article, new(edition));
        return closed;
    }
}
