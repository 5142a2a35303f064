using System.Text.Json;
using Marten;
using Npgsql;
using NpgsqlTypes;
using Vigil.Hosting;
using Vigil.Notification.Pages;
using Weasel.Postgresql.Tables;

namespace Vigil.Notification.Subscribers;

/// <summary>Sign-ups as they came in, sealed, and how many an address and a domain had of late.</summary>
public static class SignUps
{
    public sealed record SignUp(string Address, Language Language, Preferences Preferences);

    public static void Register(StoreOptions store)
    {
        var waiting = new Table("notification.sign_ups");
        waiting.AddColumn("id", "uuid").AsPrimaryKey();
        waiting.AddColumn("edition", "text").NotNull();
        waiting.AddColumn("sealed", "bytea").NotNull();
        waiting.AddColumn("at", "timestamptz").NotNull();
        waiting.Indexes.Add(new IndexDefinition("idx_sign_ups_at") { Columns = ["at"] });
        store.Storage.ExtendedSchemaObjects.Add(waiting);

        var counts = new Table("notification.sign_up_counts");
        counts.AddColumn("key", "text").AsPrimaryKey();
        counts.AddColumn("slot", "timestamptz").AsPrimaryKey();
        counts.AddColumn("count", "integer").NotNull();
        store.Storage.ExtendedSchemaObjects.Add(counts);
    }

    /// <summary>One insert, the same for every address.</summary>
    public static async Task Add(IDocumentStore store, Seal seal, EditionKey edition, SignUp signUp, DateTimeOffset at, CancellationToken ct)
    {
        var id = Guid.NewGuid();
        await using var connection = store.Storage.Database.CreateConnection();
        await connection.OpenAsync(ct);
        await using var insert = new NpgsqlCommand("insert into notification.sign_ups (id, edition, sealed, at) values ($1, $2, $3, $4)", connection)
        {
            Parameters = { new() { Value = id }, new() { Value = edition.Value }, new() { Value = seal.Close(id, JsonSerializer.Serialize(signUp, Json.Stored)) }, new() { Value = at } },
        };
        await insert.ExecuteNonQueryAsync(ct);
    }

    public sealed record Waiting(Guid Id, EditionKey Edition, byte[] Sealed, DateTimeOffset At);

    /// <summary>Takes the oldest sign-up that nobody else has in hand. It is gone once the transaction is.</summary>
    public static async Task<Waiting?> Take(NpgsqlTransaction transaction, CancellationToken ct)
    {
        await using var take = new NpgsqlCommand(
            """
            delete from notification.sign_ups where id = (select id from notification.sign_ups order by at limit 1 for update skip locked)
            returning id, edition, sealed, at
            """, transaction.Connection, transaction);
        await using var reader = await take.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct)
            ? new(reader.GetGuid(0), new(reader.GetString(1)), reader.GetFieldValue<byte[]>(2), reader.GetFieldValue<DateTimeOffset>(3))
            : null;
    }

    /// <summary>Counts one more for this key in this stretch of time, and says how many there are.</summary>
    public static async Task<int> Count(NpgsqlTransaction transaction, string key, DateTimeOffset slot, CancellationToken ct)
    {
        await using var count = new NpgsqlCommand(
            """
            insert into notification.sign_up_counts (key, slot, count) values ($1, $2, 1)
            on conflict (key, slot) do update set count = sign_up_counts.count + 1 returning count
            """, transaction.Connection, transaction) { Parameters = { new() { Value = key }, new() { Value = slot } } };
        return (int)(await count.ExecuteScalarAsync(ct))!;
    }

    public static async Task ForgetCounts(IDocumentStore store, DateTimeOffset now, CancellationToken ct)
    {
        await using var connection = store.Storage.Database.CreateConnection();
        await connection.OpenAsync(ct);
        await using var delete = new NpgsqlCommand("delete from notification.sign_up_counts where slot < $1", connection) { Parameters = { new() { Value = now.AddDays(-2), NpgsqlDbType = NpgsqlDbType.TimestampTz } } };
        await delete.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Deletes where to reach a subscriber, and erases what they asked for.</summary>
    public static async Task Forget(IDocumentSession session, Guid subscriber, CancellationToken ct)
    {
        Contact.Delete(session, subscriber);
        await session.EraseAllTexts(subscriber, ct);
    }

    /// <summary>Readers have no account: what they do through a link is recorded under their own random id.</summary>
    public static Command ByReader(Guid subscriber, DateTimeOffset at) => new(new Caller(subscriber, IsMachine: false), at, null, null, null);
}
