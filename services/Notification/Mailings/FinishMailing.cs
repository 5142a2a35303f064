using Marten;
using Npgsql;
using Vigil.Hosting;
using Vigil.Notification.Dispatch;

namespace Vigil.Notification.Mailings;

/// <summary>Closes the deliveries that a halted mailing left, and accounts for every reader once none is pending.</summary>
public static class FinishMailing
{
    const int AtOnce = 5000;

    public static Decision Decide(Mailing mailing, Delivery.Counts counts, DateTimeOffset at) =>
        mailing.Stage is Stage.Sending or Stage.Halting && counts.Pending == 0
            ? Decision.Record(new MailingFinished(counts.Sent, counts.Skipped, counts.Failed, counts.Repeats, at))
            : Decision.Nothing;

    public static async Task Run(IDocumentStore store, Mailing mailing, DateTimeOffset at, CancellationToken ct)
    {
        await using var connection = store.Storage.Database.CreateConnection();
        await connection.OpenAsync(ct);
        if (mailing.Stage is Stage.Halting)
            while (await Delivery.Skip(connection, mailing.Id, WhyHalted(mailing), AtOnce, ct) == AtOnce) { }
        if (await Delivery.IsAnyPending(connection, mailing.Id, ct)) return;
        var counts = (await Delivery.Count(connection, [mailing.Id], ct)).GetValueOrDefault(mailing.Id, Delivery.Counts.None);

        await using var session = store.LightweightSession();
        var stream = await session.Events.FetchForWriting<Mailing>(mailing.Id, ct);
        if (Decide(stream.Aggregate!, counts, at) is not Decision.Recorded { Events: var events }) return;
        stream.AppendMany(events);
        // Of a retracted story nothing was kept but for this.
        if (mailing.Occasion is Occasion.Retraction) Story.Drop(session, mailing.Article, mailing.Edition);
        await session.SaveChangesAsync(ct);
    }

    static Reason WhyHalted(Mailing mailing) => mailing.Halt switch
    {
        Halt.TakenDown => Reason.TakenDown,
        Halt.TextErased => Reason.TextErased,
        Halt.Retracted => Reason.Retracted,
        Halt.Protected => Reason.Protected,
        _ => Reason.Withdrawn,
    };
}
