using Marten;
using Vigil.Contracts.Authoring;
using Vigil.Hosting;

namespace Vigil.Notification.Mailings;

/// <summary>
/// A text is gone for ever, and our copies with it. A mailing that carries it stops at once and goes on with the words that replace them; if
/// none come within an hour of when it could go on, it is halted.
/// </summary>
public static class EraseText
{
    public static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    public sealed record Command(TextHash Text, DateTimeOffset At);

    public static Decision Decide(Mailing mailing, Command command) =>
        mailing.Stage is not (Stage.Waiting or Stage.Sending) || mailing.Text != command.Text ? Decision.Nothing
        : mailing.Occasion is Occasion.Story ? Decision.Record(new MailingTextErased(command.Text, command.At))
        // Nothing replaces what a follow-up tells.
        : Decision.Record(new MailingHalted(Halt.TextErased, mailing.ArticleVersion, command.At));

    /// <summary>Has it waited in vain for new words?</summary>
    public static Decision DecideInVain(Mailing mailing, DateTimeOffset at) =>
        mailing is { Stage: Stage.Waiting or Stage.Sending, WordlessSince: { } since } && at - (since > mailing.Due ? since : mailing.Due) > Patience
            ? Decision.Record(new MailingHalted(Halt.TextErased, mailing.ArticleVersion, at))
            : Decision.Nothing;

    public static async Task Handle(TextErased message, IDocumentStore store, DateTimeOffset at, CancellationToken ct)
    {
        var command = new Command(new(message.TextHash), at);
        await using var session = store.LightweightSession();
        var gate = await Gate.Find(session, message.ArticleId, ct);
        foreach (var mailing in await session.Query<Mailing>().Where(m => m.Article == message.ArticleId).ToListAsync(ct))
        {
            var stream = await session.Events.FetchForWriting<Mailing>(mailing.Id, ct);
            if (Decide(stream.Aggregate!, command) is Decision.Recorded { Events: var events }) stream.AppendMany(events);
        }
        await Story.Erase(session, message.ArticleId, command.Text, ct);
        await gate.Save(session, ct);
    }
}
