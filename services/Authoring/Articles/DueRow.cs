using Marten;
using Npgsql;
using Vigil.Hosting;
using Weasel.Postgresql.Tables;

namespace Vigil.Authoring.Articles;

/// <summary>
/// That an article is due in an edition: one row, in the order of <c>free_at</c>. Who claims it moves that moment on, so that the row of a
/// process that died frees itself. What the row stands for is asked of the article; a row whose schedule was dropped comes to nothing.
/// </summary>
public sealed record DueRow(Guid Article, string Edition, DateTimeOffset At, Guid By)
{
    public const string Channel = "authoring_due";
    static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);

    public static void Register(StoreOptions store)
    {
        var rows = new Table("authoring.due_releases");
        rows.AddColumn("article", "uuid").AsPrimaryKey();
        rows.AddColumn("edition", "varchar").AsPrimaryKey();
        rows.AddColumn("at", "timestamptz").NotNull();
        rows.AddColumn("scheduled_by", "uuid").NotNull();
        rows.AddColumn("free_at", "timestamptz").NotNull();
        rows.Indexes.Add(new IndexDefinition("idx_due_releases_free") { Columns = ["free_at"] });
        store.Storage.ExtendedSchemaObjects.Add(rows);
    }

    /// <summary>In the transaction that schedules; whoever waits is told with its commit.</summary>
    public static void Put(IDocumentSession session, Guid article, ReleaseScheduled scheduled)
    {
        foreach (var (edition, at) in scheduled.Editions)
            session.QueueSqlCommand(
                """
                insert into authoring.due_releases (article, edition, at, scheduled_by, free_at) values (?, ?, ?, ?, ?)
                on conflict (article, edition) do update set at = excluded.at, scheduled_by = excluded.scheduled_by, free_at = excluded.free_at
                """, article, edition.Value, at, scheduled.By, at);
        session.QueueSqlCommand($"NOTIFY {Channel}");
    }

    /// <summary>The next that is due and that nobody has in hand; null: none.</summary>
    public static async Task<DueRow?> Claim(IDocumentStore store, DateTimeOffset now, CancellationToken ct)
    {
        await using var connection = store.Storage.Database.CreateConnection();
        await connection.OpenAsync(ct);
        await using var claim = new NpgsqlCommand(
            """
            update authoring.due_releases set free_at = $2 where (article, edition) = (
              select article, edition from authoring.due_releases where free_at <= $1 order by free_at limit 1 for update skip locked)
            returning article, edition, at, scheduled_by
            """, connection) { Parameters = { new() { Value = now }, new() { Value = now + Lease } } };
        await using var reader = await claim.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? new(reader.GetGuid(0), reader.GetString(1), reader.GetFieldValue<DateTimeOffset>(2), reader.GetGuid(3)) : null;
    }

    /// <summary>Forgets it, unless it was scheduled anew meanwhile.</summary>
    public async Task Done(IDocumentStore store, CancellationToken ct)
    {
        await using var connection = store.Storage.Database.CreateConnection();
        await connection.OpenAsync(ct);
        await using var delete = new NpgsqlCommand("delete from authoring.due_releases where article = $1 and edition = $2 and at = $3", connection)
        {
            Parameters = { new() { Value = Article }, new() { Value = Edition }, new() { Value = At } },
        };
        await delete.ExecuteNonQueryAsync(ct);
    }

    /// <summary>When to look next; null: nothing is scheduled.</summary>
    public static async Task<DateTimeOffset?> Next(IDocumentStore store, CancellationToken ct)
    {
        await using var connection = store.Storage.Database.CreateConnection();
        await connection.OpenAsync(ct);
        await using var next = new NpgsqlCommand("select min(free_at) from authoring.due_releases", connection);
        return await next.ExecuteScalarAsync(ct) is DateTime at ? new DateTimeOffset(at, TimeSpan.Zero) : null;
    }
}
