using Marten;
using Npgsql;
using Vigil.Hosting;

namespace Vigil.Notification.Subscribers;

/// <summary>After a restore: readers who have left since the backup leave once more, under the ids that their departures had.</summary>
public static class ReapplyDepartures
{
    public static async Task Run(IServiceProvider services, CancellationToken ct)
    {
        var (store, seal) = (services.GetRequiredService<IDocumentStore>(), services.GetRequiredService<Seal>());
        var left = (await services.GetRequiredService<Ledger>().Departures(ct)).ToDictionary(d => d.Event);
        await using var connection = store.Storage.Database.CreateConnection();
        await connection.OpenAsync(ct);
        foreach (var known in await Ids(connection, "select id from notification.mt_events where type = 'subscription.ended.v1'", ct)) left.Remove(known);
        var departures = left.Values.ToLookup(d => d.Reader);
        if (departures.Count == 0) return;
        // Whose a digest is shows only to who knows the reader.
        foreach (var subscriber in await Ids(connection, "select subscriber from notification.contacts", ct))
            if (departures[seal.Mark(subscriber)].LastOrDefault() is { } departure)
                await store.Handle<Subscriber>(subscriber, SignUps.ByReader(subscriber, departure.At), "subscription.unknown-link", async (reader, _, session, token) =>
                {
                    if (Unsubscribe.Decide(reader, departure.At) is not Decision.Recorded { Events: [var ended] }) return Decision.Nothing;
                    await SignUps.Forget(session, subscriber, token);
                    var under = session.Events.BuildEvent(ended);
                    under.Id = departure.Event;
                    return Decision.Record(under);
                }, ct);
    }

    static async Task<List<Guid>> Ids(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var read = new NpgsqlCommand(sql, connection);
        await using var reader = await read.ExecuteReaderAsync(ct);
        var ids = new List<Guid>();
        while (await reader.ReadAsync(ct)) ids.Add(reader.GetGuid(0));
        return ids;
    }
}
