using Marten;
using Vigil.Contracts.Publishing;
using Vigil.Hosting;

namespace Vigil.Notification.Mailings;

/// <summary>
/// A story stands on an edition's pages and names its mail. It is planned once; a later version replaces a plan of which nothing has left.
/// An edition that is not known here yet does not matter: the mailing waits for it.
/// </summary>
public static class PlanMailing
{
    public sealed record Command(Guid Article, EditionKey Edition, long Version, TextHash Text, DateTimeOffset Due, DateTimeOffset At);

    /// <param name="mailing">Null: none was planned.</param>
    public static Decision Decide(Gate gate, Mailing? mailing, Command command) => mailing switch
    {
        _ when gate.Stops(command.Edition, command.Version) => Decision.Nothing,
        null => Planned(command),
        { Stage: Stage.Waiting or Stage.Stopped } when command.Version > mailing.ArticleVersion => Planned(command),
        _ => Decision.Nothing,
    };

    /// <summary>A change may have overtaken the publication: then its words are the newest.</summary>
    public static Command Newest(Gate gate, Command command) =>
        gate.Changes.GetValueOrDefault(command.Edition.Value) is { } change && change.Version > command.Version ? command with { Version = change.Version, Text = change.Text } : command;

    static Decision Planned(Command c) => Decision.Record(new MailingPlanned(c.Article, c.Edition, c.Version, c.Text, c.Due, c.At));

    public static async Task Handle(PublicationWentLive message, IDocumentStore store, CancellationToken ct)
    {
        if (message.MailAt is not { } due) return;
        await using var session = store.LightweightSession();
        var gate = await Gate.Find(session, message.ArticleId, ct);
        var command = Newest(gate, new(message.ArticleId, new(message.Edition), message.Version, new(message.TextHash), due, message.At));
        var id = Mailing.IdOf(command.Article, command.Edition);
        var stream = await session.Events.FetchForWriting<Mailing>(id, ct);
        if (Decide(gate, stream.Aggregate, command) is not Decision.Recorded { Events: var events }) return;
        // An erased text comes no more; the mailing then waits for the words that replace it.
        var hasWords = command.Version == message.Version
            ? await Story.Keep(session, command.Article, command.Edition, command.Text, Story.From(message.Text), ct)
            : await Story.Find(session, command.Text, command.Edition, ct) is not null;
        if (!hasWords)
            events = [.. events, new MailingTextErased(command.Text, command.At)];
        Story.Replace(session, stream.Aggregate?.Text, command.Text, command.Edition);
        if (stream.Aggregate is null) session.Events.StartStream<Mailing>(id, events); else stream.AppendMany(events);
        await gate.Save(session, ct);
    }
}
