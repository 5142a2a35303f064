using Marten;
using Npgsql;
using NpgsqlTypes;
using Vigil.Hosting;
using Vigil.Notification.Subscribers;

namespace Vigil.Notification.Dispatch;

/// <summary>How a try ended. <see cref="Pause"/>: when a row that stays pending is free again. <see cref="Unsure"/>: the mail may have arrived.</summary>
public sealed record Result(Delivery Row, Guid Mark, DeliveryState State, Reason Reason = Reason.None, TimeSpan Pause = default, bool Unsure = false);

/// <summary>
/// Rows that one worker has in hand, under a mark of its own. Before each mail one statement writes down how the mails before it ended and
/// that this one is being handed over, and only if the row is still this worker's, the mailing still runs with these words and the reader
/// still wants it. So a removal takes effect from one mail to the next, and a killed process leaves at most one mail per connection of
/// which nobody knows whether it went.
/// </summary>
public sealed class Claim(NpgsqlConnection connection, Guid mailing, TextHash? text, long version, IReadOnlyList<Delivery> rows, Guid mark) : IAsyncDisposable
{
    HashSet<Guid> _before = [];

    public const int Most = 50;

    const string WantedStory =
        """
        exists (select 1 from notification.contacts c where c.subscriber = $2 and c.confirmed)
        """;

    const string RunningStory =
        """
        exists (select 1 from notification.mt_doc_mailing m where m.id = $1 and m.is_sending and m.words = $4)
        """;

    const string WantedConfirmation =
        """
        exists (select 1 from notification.contacts c where c.subscriber = $2 and not c.confirmed)
        """;

    public IReadOnlyList<Delivery> Rows => rows;
    public NpgsqlConnection Connection => connection;
    public Guid Mark => mark;

    bool IsStory => text is not null;
    string Wanted => IsStory ? WantedStory : WantedConfirmation;
    string Running => IsStory ? RunningStory : "$4 = ''";

    /// <summary>
    /// Free rows of one mailing, in the order of subscribers. Beginning after the ones last claimed spares a walk over those that are done.
    /// </summary>
    /// <param name="text">The words that the mails will carry; null for confirmations.</param>
    /// <param name="version">The article's, of those words.</param>
    public static async Task<Claim?> Take(IDocumentStore store, Guid mailing, TextHash? text, long version, Guid after, CancellationToken ct)
    {
        var mark = Guid.NewGuid();
        var connection = store.Storage.Database.CreateConnection();
        try
        {
            await connection.OpenAsync(ct);
            await using var take = new NpgsqlCommand(
                """
                with free as (
                  select mailing, subscriber from notification.deliveries
                  where mailing = $1 and subscriber > $2 and state = 0 and free_at <= now()
                  order by subscriber limit $3 for update skip locked),
                taken as (
                  update notification.deliveries d
                  set claim = $4, free_at = now() + $5, repeats = repeats + handing::int, handing = false
                  from free where d.mailing = free.mailing and d.subscriber = free.subscriber
                  returning d.subscriber, d.request, d.attempts)
                select subscriber, request, attempts from taken order by subscriber
                """, connection)
            {
                Parameters = { new() { Value = mailing }, new() { Value = after }, new() { Value = Most }, new() { Value = mark }, new() { Value = Delivery.Lease } },
            };
            await take.PrepareAsync(ct);
            var rows = new List<Delivery>(Most);
            await using (var reader = await take.ExecuteReaderAsync(ct))
                while (await reader.ReadAsync(ct))
                    rows.Add(new(mailing, reader.GetGuid(0), reader.GetInt32(1), reader.GetInt16(2)));
            if (rows.Count > 0) return new(connection, mailing, text, version, rows, mark);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
        await connection.DisposeAsync();
        return null;
    }

    /// <summary>Before any of the mails leaves, the ledger has it that they may, so that a restore does not send them again.</summary>
    public async Task Note(Ledger ledger, Past past, Seal seal, CancellationToken ct)
    {
        var marks = rows.ToDictionary(r => seal.Mark(r.Letter), r => r.Subscriber);
        _before = (await ledger.Claim(marks.Keys, past.Newest, ct)).Select(m => marks[m]).ToHashSet();
    }

    /// <summary>It was in hand before a restore, and nobody remembers how that ended.</summary>
    public bool MayHaveLeft(Delivery row) => _before.Contains(row.Subscriber);

    /// <summary>True: hand it over. False: ask <see cref="Look"/> why not. The results are written in either case.</summary>
    public async Task<bool> Begin(Delivery row, IReadOnlyCollection<Result> results, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var result in results) batch.BatchCommands.Add(Write(result));
        var begin = new NpgsqlBatchCommand(
            $"""
            update notification.deliveries set handing = true, version = $6, attempts = attempts + 1, free_at = now() + $5
            where mailing = $1 and subscriber = $2 and claim = $3 and state = 0 and free_at > now() and {Wanted} and {Running}
            """)
        {
            Parameters = { new() { Value = mailing }, new() { Value = row.Subscriber }, new() { Value = mark }, new() { Value = text?.Value ?? "" }, new() { Value = Delivery.HandingLease }, new() { Value = version } },
        };
        batch.BatchCommands.Add(begin);
        await batch.PrepareAsync(ct);
        await batch.ExecuteNonQueryAsync(ct);
        return begin.RecordsAffected == 1;
    }

    public enum Hindrance { Lost, Unwanted, Halted }

    public async Task<Hindrance> Look(Delivery row, CancellationToken ct)
    {
        await using var look = new NpgsqlCommand(
            $"""
            select claim is not distinct from $3 and state = 0 and free_at > now(), {Wanted}, {Running}
            from notification.deliveries where mailing = $1 and subscriber = $2
            """, connection)
        {
            Parameters = { new() { Value = mailing }, new() { Value = row.Subscriber }, new() { Value = mark }, new() { Value = text?.Value ?? "" } },
        };
        await using var reader = await look.ExecuteReaderAsync(ct);
        if (!await reader.ReadAsync(ct) || !reader.GetBoolean(0)) return Hindrance.Lost;
        return !reader.GetBoolean(2) ? Hindrance.Halted : !reader.GetBoolean(1) ? Hindrance.Unwanted : Hindrance.Lost;
    }

    /// <summary>Gives back the rows that were not begun.</summary>
    public async Task Release(CancellationToken ct)
    {
        await using var release = new NpgsqlCommand(
            "update notification.deliveries set claim = null, free_at = now() where mailing = $1 and claim = $2 and state = 0 and not handing and subscriber = any($3)", connection)
        {
            Parameters = { new() { Value = mailing }, new() { Value = mark }, new() { Value = rows.Select(r => r.Subscriber).ToArray() } },
        };
        await release.ExecuteNonQueryAsync(ct);
    }

    public static async Task Record(IDocumentStore store, IReadOnlyCollection<Result> results, CancellationToken ct)
    {
        if (results.Count == 0) return;
        await using var connection = store.Storage.Database.CreateConnection();
        await connection.OpenAsync(ct);
        await using var batch = new NpgsqlBatch(connection);
        foreach (var result in results) batch.BatchCommands.Add(Write(result));
        await batch.ExecuteNonQueryAsync(ct);
    }

    static NpgsqlBatchCommand Write(Result result) => new(
        """
        update notification.deliveries
        set state = $4, reason = $5, handing = $6, claim = null, free_at = now() + $7, ended_at = case when $4 = 0 then null else now() end
        where mailing = $1 and subscriber = $2 and claim = $3
        """)
    {
        Parameters =
        {
            new() { Value = result.Row.Mailing }, new() { Value = result.Row.Subscriber }, new() { Value = result.Mark },
            new() { Value = (short)result.State, NpgsqlDbType = NpgsqlDbType.Smallint }, new() { Value = (short)result.Reason, NpgsqlDbType = NpgsqlDbType.Smallint },
            new() { Value = result.Unsure }, new() { Value = result.Pause },
        },
    };

    public ValueTask DisposeAsync() => connection.DisposeAsync();
}
