using Marten;
using Vigil.Contracts.Publishing;
using Vigil.Hosting;

namespace Vigil.Notification.Mailings;

/// <summary>A live story was changed: what has not left, leaves with the new words. A change that overtook its publication is remembered.</summary>
public static class RewordMailing
{
    public sealed record Command(long Version, TextHash Text, DateTimeOffset At);

    public static Decision Decide(Gate gate, Mailing mailing, Command command) =>
        mailing.Stage is Stage.Waiting or Stage.Sending && command.Version > mailing.ArticleVersion && !gate.Stops(mailing.Edition, command.Version)
            ? Decision.Record(new MailingReworded(command.Version, command.Text, command.At))
            : Decision.Nothing;

    public static async Task Handle(PublicationChanged message, IDocumentStore store, CancellationToken ct)
    {
        var command = new Command(message.Version, new(message.TextHash), message.At);
        await using var session = store.LightweightSession();
        var gate = await Gate.Find(session, message.ArticleId, ct);
        var next = message.ForgetBefore is { } version ? await Forget(session, gate, message, version, ct) : gate;
        next = await Reword(session, next, message, command, ct);
        await FollowUp.Plan(session, next, message, ct);
        if (!ReferenceEquals(next, gate) || session.PendingChanges.Streams().Any(s => s.Events.Count > 0)) await next.Save(session, ct);
    }

    static async Task<Gate> Reword(IDocumentSession session, Gate gate, PublicationChanged message, Command command, CancellationToken ct)
    {
        var edition = new EditionKey(message.Edition);
        var stream = await session.Events.FetchForWriting<Mailing>(Mailing.IdOf(message.ArticleId, edition), ct);
        if (stream.Aggregate is not { Stage: not Stage.Stopped } mailing)
        {
            // Its publication is yet to arrive, or to come back, or named no mail.
            var knowing = gate.Remember(edition, new(command.Version, command.Text));
            if (ReferenceEquals(knowing, gate) || !await Story.Keep(session, message.ArticleId, edition, command.Text, Story.From(message.Text), ct)) return gate;
            Story.Replace(session, gate.Changes.GetValueOrDefault(edition.Value)?.Text, command.Text, edition);
            return knowing;
        }
        if (Decide(gate, mailing, command) is not Decision.Recorded { Events: var events }) return gate;
        if (!await Story.Keep(session, message.ArticleId, edition, command.Text, Story.From(message.Text), ct))
            events = [.. events, new MailingTextErased(command.Text, command.At)];
        Story.Replace(session, mailing.Text, command.Text, edition);
        stream.AppendMany(events);
        return gate;
    }

    /// <summary>A protective correction: words from before it are erased in every edition; whose mailing carried them waits for its own new ones, and no follow-up tells of them.</summary>
    static async Task<Gate> Forget(IDocumentSession session, Gate gate, PublicationChanged message, long version, CancellationToken ct)
    {
        var mailings = await session.Query<Mailing>().Where(m => m.Article == message.ArticleId && m.IsOpen).ToListAsync(ct);
        foreach (var mailing in mailings)
        {
            if (HaltMailing.DecideProtected(mailing, version, message.At) is not Decision.Recorded { Events: var events }) continue;
            (await session.Events.FetchForWriting<Mailing>(mailing.Id, ct)).AppendMany(events);
        }
        var kept = mailings.Where(m => m.ArticleVersion >= version).SelectMany(m => new[] { m.Text, m.Story }).OfType<TextHash>()
            .Concat(gate.Changes.Values.Where(c => c.Version >= version).Select(c => c.Text)).Append(new(message.TextHash));
        await Story.EraseOthers(session, message.ArticleId, kept.Select(t => t.Value).ToHashSet(), ct);
        return gate.Protect(version);
    }
}
