using System.Diagnostics;
using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using Marten;
using Marten.Subscriptions;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using NpgsqlTypes;

namespace Vigil.Hosting;

/// <summary>Facts that also go into the ledger, in the store's order, each at least once.</summary>
/// <param name="Keep">Must be harmless when repeated.</param>
public sealed record LedgerLane(Func<IServiceProvider, IReadOnlyList<Fact>, CancellationToken, Task> Keep, params Type[] Events);

/// <summary>
/// What must stay true after a restore: a database outside the backups (ConnectionStrings:Ledger; by default beside the store's own, under its name with
/// <c>_ledger</c> behind), to which services add rows and change none. It holds ids, digests, numbers and times, never words or addresses.
/// </summary>
public sealed class Ledger(NpgsqlDataSource source) : IAsyncDisposable
{
    public enum Kind { Withdrawn, Retracted, TakenDown, TextErased }

    /// <summary>What took a story, or words of it, from readers, and what is needed to do it again.</summary>
    /// <param name="Event">The event's id.</param>
    /// <param name="Version">As announced.</param>
    /// <param name="Editions">Of a withdrawal; null: all.</param>
    /// <param name="Text">Of an erasure: the hash of what was erased.</param>
    public sealed record Removal(Guid Event, Guid Article, long Version, Kind Kind, IReadOnlyList<string>? Editions, TextHash? Text, DateTimeOffset At);

    /// <param name="Reader">A digest.</param>
    public sealed record Departure(Guid Event, Guid Reader, DateTimeOffset At);

    /// <summary>Authoring, Publishing and Notification: who keeps what a restore could bring back.</summary>
    const int Services = 3;

    long _since;

    /// <summary>For how long it has been asked in vain.</summary>
    public TimeSpan Away => Volatile.Read(ref _since) is > 0 and var since ? Stopwatch.GetElapsedTime(since) : TimeSpan.Zero;

    public static Ledger At(IConfiguration configuration, string service)
    {
        var store = new NpgsqlConnectionStringBuilder(configuration.GetConnectionString("Postgres"));
        var ledger = configuration.GetConnectionString("Ledger") is { Length: > 0 } named ? new NpgsqlConnectionStringBuilder(named) : new(store.ConnectionString) { Database = $"{store.Database}_ledger" };
        (ledger.ApplicationName, ledger.Timeout, ledger.CommandTimeout, ledger.MaxPoolSize) = (service, 5, 10, 20);
        return new(NpgsqlDataSource.Create(ledger));
    }

    public Task Add(IReadOnlyList<Removal> removals, CancellationToken ct) => Write(removals.Select(r => new NpgsqlBatchCommand(
        "insert into ledger.removals (event, article, version, kind, editions, text, at) values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing")
    {
        Parameters =
        {
            new() { Value = r.Event }, new() { Value = r.Article }, new() { Value = r.Version }, new() { Value = NameOf(r.Kind) },
            new() { Value = (object?)r.Editions?.ToArray() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
            new() { Value = (object?)r.Text?.Value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text }, new() { Value = r.At },
        },
    }), ct);

    public Task Add(IReadOnlyList<Departure> departures, CancellationToken ct) => Write(departures.Select(d => new NpgsqlBatchCommand(
        "insert into ledger.departures (event, reader, at) values ($1, $2, $3) on conflict do nothing")
    {
        Parameters = { new() { Value = d.Event }, new() { Value = d.Reader }, new() { Value = d.At } },
    }), ct);

    Task<bool> Write(IEnumerable<NpgsqlBatchCommand> commands, CancellationToken ct) => Ask(async () =>
    {
        await using var batch = source.CreateBatch();
        foreach (var command in commands) batch.BatchCommands.Add(command);
        if (batch.BatchCommands.Count > 0) await batch.ExecuteNonQueryAsync(ct);
        return true;
    });

    /// <summary>
    /// Says that these mails may leave from now on. Returns those of which that was said before a restore that the database has forgotten since: they
    /// may have left.
    /// </summary>
    /// <param name="restore">The newest restore that the database remembers; the empty id before the first.</param>
    public Task<IReadOnlySet<Guid>> Claim(IReadOnlyCollection<Guid> mails, Guid restore, CancellationToken ct) => Ask(async () =>
    {
        await using var claim = source.CreateCommand(
            """
            with fresh as (insert into ledger.claims (mail, restore) select unnest($1), $2 on conflict do nothing)
            select mail from ledger.claims where mail = any($1) and restore <> $2
            """);
        claim.Parameters.Add(new() { Value = mails.ToArray() });
        claim.Parameters.Add(new() { Value = restore });
        await using var reader = await claim.ExecuteReaderAsync(ct);
        var before = new HashSet<Guid>();
        while (await reader.ReadAsync(ct)) before.Add(reader.GetGuid(0));
        return (IReadOnlySet<Guid>)before;
    });

    /// <summary>Claims are kept for 35 days, longer than any backup.</summary>
    public Task ForgetClaims(CancellationToken ct) => Write([new NpgsqlBatchCommand("select ledger.forget_claims()")], ct);

    /// <summary>Everything that was removed, in the order in which it was.</summary>
    public Task<List<Removal>> Removals(CancellationToken ct) => Read("select event, article, version, kind, editions, text, at from ledger.removals order by place", r => new Removal(
        r.GetGuid(0), r.GetGuid(1), r.GetInt64(2), Enum.GetValues<Kind>().Single(k => NameOf(k) == r.GetString(3)), r.IsDBNull(4) ? null : r.GetFieldValue<string[]>(4),
        r.IsDBNull(5) ? null : new(r.GetString(5)), r.GetFieldValue<DateTimeOffset>(6)), ct);

    public Task<List<Departure>> Departures(CancellationToken ct) =>
        Read("select event, reader, at from ledger.departures order by place", r => new Departure(r.GetGuid(0), r.GetGuid(1), r.GetFieldValue<DateTimeOffset>(2)), ct);

    /// <summary>Has every service taken over what was removed?</summary>
    public async Task<bool> IsReapplied(Guid restore, CancellationToken ct) =>
        (await Read("select service from ledger.reapplied where restore = $1", r => r.GetString(0), ct, restore)).Count == Services;

    /// <summary>This service has taken over what was removed.</summary>
    public Task AddReapplied(Guid restore, CancellationToken ct) =>
        Write([new NpgsqlBatchCommand("insert into ledger.reapplied (restore) values ($1) on conflict do nothing") { Parameters = { new() { Value = restore } } }], ct);

    Task<List<T>> Read<T>(string sql, Func<NpgsqlDataReader, T> row, CancellationToken ct, params object[] values) => Ask(async () =>
    {
        await using var read = source.CreateCommand(sql);
        foreach (var value in values) read.Parameters.Add(new() { Value = value });
        await using var reader = await read.ExecuteReaderAsync(ct);
        var rows = new List<T>();
        while (await reader.ReadAsync(ct)) rows.Add(row(reader));
        return rows;
    });

    async Task<T> Ask<T>(Func<Task<T>> ask)
    {
        Interlocked.CompareExchange(ref _since, Stopwatch.GetTimestamp(), 0);
        var answer = await ask();
        Volatile.Write(ref _since, 0);
        return answer;
    }

    static string NameOf(Kind kind) => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(kind.ToString());

    public ValueTask DisposeAsync() => source.DisposeAsync();
}

/// <summary>Adds a page of facts to the ledger. Any exception rewinds the page; meanwhile the service goes on.</summary>
sealed class LedgerRelay(LedgerLane lane, Restores restores, IServiceProvider services) : SubscriptionBase
{
    public override async Task<IChangeListener> ProcessEventsAsync(
        EventRange page, ISubscriptionController controller, IDocumentOperations operations, CancellationToken cancellationToken)
    {
        var told = await restores.Know(cancellationToken);
        await lane.Keep(services, [.. page.Events.Select(told.Fact)], cancellationToken);
        return NullChangeListener.Instance;
    }
}

/// <summary>Without it mail waits, and removals are at risk should the database be lost too: a person should know, but nobody is turned away.</summary>
sealed class LedgerHealth(Ledger ledger) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(ledger.Away > TimeSpan.FromSeconds(30) ? HealthCheckResult.Degraded("The ledger does not answer.") : HealthCheckResult.Healthy());
}
