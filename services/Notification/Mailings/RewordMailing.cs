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
        var edition = new EditionKey(message.Edition);
        await using var session = store.LightweightSession();
        var gate = await Gate.Find(session, message.ArticleId, ct);
        var stream = await session.Events.FetchForWriting<Mailing>(Mailing.IdOf(message.ArticleId, edition), ct);
        if (stream.Aggregate is null)
        {
            // Its publication is yet to arrive, or named no mail.
            var knowing = gate.Remember(edition, new(command.Version, command.Text));
            if (ReferenceEquals(knowing, gate) || !await Story.Keep(session, message.ArticleId, edition, command.Text, Story.From(message.Text), ct)) return;
            Story.Replace(session, gate.Changes.GetValueOrDefault(edition.Value)?.Text, command.Text, edition);
            await knowing.Save(session, ct);
            return;
        }
        var mailing = stream.Aggregate;
        if (Decide(gate, mailing, command) is not Decision.Recorded { Events: var events }) return;
        if (!await Story.Keep(session, message.ArticleId, edition, command.Text, Story.From(message.Text), ct))
            events = [.. events, new MailingTextErased(command.Text, command.At)];
        Story.Replace(session, mailing.Text, command.Text, edition);
        stream.AppendMany(events);
        await gate.Save(session, ct);
    }
}
