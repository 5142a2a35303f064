using Marten;
using Npgsql;
using NpgsqlTypes;
using Vigil.Hosting;
using Weasel.Postgresql.Tables;

namespace Vigil.Notification.Dispatch;

public enum DeliveryState { Pending, Sent, Skipped, Failed }

/// <summary>
/// Why a mail was not sent. <c>Unsure</c>: it was handed over, the answer was lost, and its mailing was halted before it could be tried again; or a
/// restore forgot what became of it.
/// </summary>
public enum Reason { None, AddressRefused, MessageRefused, GaveUp, Unsure, Unsubscribed, Withdrawn, TakenDown, TextErased, Unreadable, Retracted, Protected }

/// <summary>
/// One mail to one reader: a row, born when the audience is frozen, ending as sent, skipped or failed. A pending row is free from
/// <c>free_at</c> on; who claims it moves that moment into the future and puts its own mark on it, so that a row whose worker died frees
/// itself. <c>version</c> is the article's, of the words that the mail had. <c>handing</c> says that the mail may be on the wire: such a row, claimed again, may repeat the mail, and <c>repeats</c> counts that.
/// </summary>
/// <param name="Request">Confirmations only: which of the subscriber's sign-ups it is for.</param>
public sealed record Delivery(Guid Mailing, Guid Subscriber, int Request, int Attempts)
{
    /// <summary>Stands in for a mailing in the rows of confirmation mails; they are always taken first.</summary>
    public static Guid Confirmations { get; } = Uuid.From("mailing", "confirmations");

    /// <summary>How long a claimed row may wait for its turn.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    /// <summary>How long a hand-over may take; the relay's own patience ends well before.</summary>
    public static readonly TimeSpan HandingLease = TimeSpan.FromMinutes(3);

    static readonly TimeSpan[] Pauses = [.. new[] { 1, 5, 15, 30, 60, 120, 240, 480, 480 }.Select(m => TimeSpan.FromMinutes(m))];

    /// <summary>The mail's own id, the same on every try: its Message-ID, and its file name in a pickup folder.</summary>
    public Guid Letter => Request == 0 ? Uuid.From("mail", Mailing, Subscriber) : Uuid.From("mail", Mailing, Subscriber, Request);

    /// <summary>How long to wait after a try that failed for now; null: a day of tries is enough.</summary>
    public static TimeSpan? PauseAfter(int attempts) => attempts <= Pauses.Length ? Pauses[attempts - 1] : null;

    public static void Register(StoreOptions store)
    {
        // Space in each page, so that claiming and handing over touch no index.
        var rows = new Table("notification.deliveries") { FillFactor = 60 };
        rows.AddColumn("mailing", "uuid").AsPrimaryKey();
        rows.AddColumn("subscriber", "uuid").AsPrimaryKey();
        rows.AddColumn("request", "integer").NotNull().DefaultValueByExpression("0");
        rows.AddColumn("state", "smallint").NotNull().DefaultValueByExpression("0");
        rows.AddColumn("reason", "smallint").NotNull().DefaultValueByExpression("0");
        rows.AddColumn("attempts", "smallint").NotNull().DefaultValueByExpression("0");
        rows.AddColumn("repeats", "smallint").NotNull().DefaultValueByExpression("0");
        rows.AddColumn("version", "bigint").NotNull().DefaultValueByExpression("0");
        rows.AddColumn("handing", "boolean").NotNull().DefaultValueByExpression("false");
        rows.AddColumn("claim", "uuid");
        rows.AddColumn("free_at", "timestamptz").NotNull().DefaultValueByExpression("now()");
        rows.AddColumn("ended_at", "timestamptz");
        rows.Indexes.Add(new IndexDefinition("idx_deliveries_pending") { Columns = ["mailing", "subscriber"], Predicate = "state = 0" });
        store.Storage.ExtendedSchemaObjects.Add(rows);
    }

    public static async Task PutConfirmation(NpgsqlTransaction transaction, Guid subscriber, int request, CancellationToken ct)
    {
        await using var put = new NpgsqlCommand(
            """
            insert into notification.deliveries (mailing, subscriber, request) values ($1, $2, $3)
            on conflict (mailing, subscriber) do update
            set request = $3, state = 0, reason = 0, attempts = 0, repeats = 0, handing = false, claim = null, free_at = now(), ended_at = null
            """, transaction.Connection, transaction) { Parameters = { new() { Value = Confirmations }, new() { Value = subscriber }, new() { Value = request } } };
        await put.ExecuteNonQueryAsync(ct);
    }

    /// <summary>
    /// Freezes the audience: one row for each reader who is confirmed now and whose preferences the story meets. Returns how many.
    /// </summary>
    public static async Task<int> FreezeAudience(NpgsqlTransaction transaction, Guid mailing, EditionKey edition, IReadOnlyList<string> countries, IReadOnlyList<string> topics, CancellationToken ct)
    {
        // A million readers take longer than a statement usually may.
        await using (var patience = new NpgsqlCommand("set local statement_timeout = '5min'", transaction.Connection, transaction)) await patience.ExecuteNonQueryAsync(ct);
        await using var freeze = new NpgsqlCommand(
            """
            insert into notification.deliveries (mailing, subscriber)
            select $1, subscriber from notification.contacts
            where edition = $2 and confirmed and (countries = '{}' or countries && $3) and (topics = '{}' or topics && $4)
            order by subscriber
            """, transaction.Connection, transaction)
        {
            CommandTimeout = 300,
            Parameters = { new() { Value = mailing }, new() { Value = edition.Value }, new() { Value = countries.ToArray() }, new() { Value = topics.Select(t => t.ToLowerInvariant()).ToArray() } },
        };
        return await Frozen(transaction, freeze, ct);
    }

    /// <summary>Freezes the audience of a follow-up: who was sent words of an earlier version, and still wants mail. Returns how many.</summary>
    /// <param name="story">The mailing that it follows.</param>
    public static async Task<int> FreezeServed(NpgsqlTransaction transaction, Guid mailing, Guid story, EditionKey edition, long version, CancellationToken ct)
    {
        await using (var patience = new NpgsqlCommand("set local statement_timeout = '5min'", transaction.Connection, transaction)) await patience.ExecuteNonQueryAsync(ct);
        await using var freeze = new NpgsqlCommand(
            """
            insert into notification.deliveries (mailing, subscriber)
            select $1, d.subscriber from notification.deliveries d join notification.contacts c using (subscriber)
            where d.mailing = $2 and d.state = 1 and d.version < $4 and c.edition = $3 and c.confirmed
            order by d.subscriber
            """, transaction.Connection, transaction)
        {
            CommandTimeout = 300, Parameters = { new() { Value = mailing }, new() { Value = story }, new() { Value = edition.Value }, new() { Value = version } },
        };
        return await Frozen(transaction, freeze, ct);
    }

    static async Task<int> Frozen(NpgsqlTransaction transaction, NpgsqlCommand freeze, CancellationToken ct)
    {
        var audience = await freeze.ExecuteNonQueryAsync(ct);
        if (audience >= 1000)
        {
            // Without it the planner takes the table for what it was before, and scans all of it for each claim.
            await using var analyze = new NpgsqlCommand("analyze notification.deliveries", transaction.Connection, transaction) { CommandTimeout = 300 };
            await analyze.ExecuteNonQueryAsync(ct);
        }
        return audience;
    }

    /// <summary>Whether a mail with words of an earlier version may be on the wire.</summary>
    public static async Task<bool> IsAnyBeingHanded(NpgsqlTransaction transaction, Guid mailing, long version, CancellationToken ct)
    {
        await using var any = new NpgsqlCommand(
            "select exists (select 1 from notification.deliveries where mailing = $1 and state = 0 and handing and version < $2)", transaction.Connection, transaction)
        {
            Parameters = { new() { Value = mailing }, new() { Value = version } },
        };
        return (bool)(await any.ExecuteScalarAsync(ct))!;
    }

    public sealed record Counts(int Pending, int Sent, int Skipped, int Failed, int Repeats)
    {
        public static Counts None { get; } = new(0, 0, 0, 0, 0);
    }

    public static async Task<Dictionary<Guid, Counts>> Count(NpgsqlConnection connection, IEnumerable<Guid> mailings, CancellationToken ct)
    {
        await using var count = new NpgsqlCommand(
            """
            select mailing, count(*) filter (where state = 0), count(*) filter (where state = 1), count(*) filter (where state = 2), count(*) filter (where state = 3), sum(repeats)
            from notification.deliveries where mailing = any($1) group by mailing
            """, connection) { Parameters = { new() { Value = mailings.ToArray() } } };
        await using var reader = await count.ExecuteReaderAsync(ct);
        var counts = new Dictionary<Guid, Counts>();
        while (await reader.ReadAsync(ct))
            counts[reader.GetGuid(0)] = new((int)reader.GetInt64(1), (int)reader.GetInt64(2), (int)reader.GetInt64(3), (int)reader.GetInt64(4), (int)reader.GetInt64(5));
        return counts;
    }

    public static async Task<bool> IsAnyPending(NpgsqlConnection connection, Guid mailing, CancellationToken ct)
    {
        await using var any = new NpgsqlCommand("select exists (select 1 from notification.deliveries where mailing = $1 and state = 0)", connection) { Parameters = { new() { Value = mailing } } };
        return (bool)(await any.ExecuteScalarAsync(ct))!;
    }

    /// <summary>
    /// Ends rows of a halted mailing, at most <paramref name="most"/> at once. Those on the wire right now are left to their workers; where
    /// the worker died with a mail on the wire, nobody will ever know, and the row says so.
    /// </summary>
    public static async Task<int> Skip(NpgsqlConnection connection, Guid mailing, Reason reason, int most, CancellationToken ct)
    {
        await using var skip = new NpgsqlCommand(
            """
            with rest as (
              select mailing, subscriber from notification.deliveries
              where mailing = $1 and state = 0 and (not handing or free_at <= now())
              order by subscriber limit $2 for update skip locked)
            update notification.deliveries d
            set state = case when handing then 3 else 2 end, reason = case when handing then $4 else $3 end, handing = false, claim = null, ended_at = now()
            from rest where d.mailing = rest.mailing and d.subscriber = rest.subscriber
            """, connection)
        {
            Parameters = { new() { Value = mailing }, new() { Value = most }, new() { Value = (short)reason }, new() { Value = (short)Reason.Unsure } },
        };
        return await skip.ExecuteNonQueryAsync(ct);
    }

    public static async Task ForgetConfirmations(IDocumentStore store, DateTimeOffset before, CancellationToken ct)
    {
        await using var connection = store.Storage.Database.CreateConnection();
        await connection.OpenAsync(ct);
        await using var delete = new NpgsqlCommand("delete from notification.deliveries where mailing = $1 and ended_at < $2", connection)
        {
            Parameters = { new() { Value = Confirmations }, new() { Value = before, NpgsqlDbType = NpgsqlDbType.TimestampTz } },
        };
        await delete.ExecuteNonQueryAsync(ct);
    }
}
