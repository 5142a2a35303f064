using JasperFx.Events;
using Marten;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Weasel.Postgresql.Tables;

namespace Vigil.Hosting;

/// <summary>An event as it is told outside the store.</summary>
/// <param name="Version">Grows with the stream, also across a restore, after which the stream itself counts again from where the backup ended.</param>
public sealed record Fact(Guid Id, Guid StreamId, long Version, object Data);

/// <summary>Where, in the order of all events, the database was put back to what it had been.</summary>
public sealed record Past(IReadOnlyList<Past.Restore> Restores)
{
    /// <param name="Number">Counts all restores there ever were, also those that this database has forgotten.</param>
    /// <param name="After">The last event that the backup had.</param>
    public sealed record Restore(Guid Id, int Number, long After);

    /// <summary>More events than any stream has: whatever version a stream was told to be at, its next event after a restore is told as newer.</summary>
    public const long Leap = 1_000_000;

    /// <summary>The empty id before the first.</summary>
    public Guid Newest => Restores.MaxBy(r => r.Number)?.Id ?? Guid.Empty;

    public long Told(long version, long sequence) => version + Leap * Restores.Where(r => r.After < sequence).Select(r => r.Number).DefaultIfEmpty().Max();

    public Fact Fact(IEvent e) => new(e.Id, e.StreamId, Told(e.Version, e.Sequence), e.Data);
}

/// <summary>The restores that this service's schema remembers. They are noted while no service runs, so one look is enough.</summary>
public sealed class Restores(string connection, string schema)
{
    Past? _past;

    public static void Register(StoreOptions options)
    {
        var restores = new Table($"{options.DatabaseSchemaName}.restores");
        restores.AddColumn("id", "uuid").AsPrimaryKey();
        restores.AddColumn("number", "integer").NotNull();
        restores.AddColumn("after", "bigint").NotNull();
        restores.AddColumn("open", "boolean").NotNull().DefaultValueByExpression("false");
        options.Storage.ExtendedSchemaObjects.Add(restores);
    }

    public async ValueTask<Past> Know(CancellationToken ct)
    {
        if (_past is { } known) return known;
        await using var open = new NpgsqlConnection(connection);
        await open.OpenAsync(ct);
        await using var read = new NpgsqlCommand($"select id, number, after from {schema}.restores", open);
        await using var reader = await read.ExecuteReaderAsync(ct);
        var restores = new List<Past.Restore>();
        while (await reader.ReadAsync(ct)) restores.Add(new(reader.GetGuid(0), reader.GetInt32(1), reader.GetInt64(2)));
        return _past = new(restores);
    }

    /// <summary>The restore whose removals are still to be done again; null where there is none.</summary>
    public async Task<Guid?> Pending(CancellationToken ct)
    {
        await using var open = new NpgsqlConnection(connection);
        await open.OpenAsync(ct);
        await using var read = new NpgsqlCommand($"select id from {schema}.restores where not open order by number desc limit 1", open);
        return await read.ExecuteScalarAsync(ct) as Guid?;
    }

    public Task Open(Guid restore, CancellationToken ct) => Do($"update {schema}.restores set open = true where id = $1", restore, ct);

    /// <summary>Sends the lanes back to the first event. Who has no progress begins there; one of nothing would be in the way of its own.</summary>
    public Task SayAllAgain(IEnumerable<string> lanes, CancellationToken ct) =>
        Do($"delete from {schema}.mt_event_progression where split_part(name, ':', 1) = any($1)", lanes.ToArray(), ct);

    async Task Do(string sql, object value, CancellationToken ct)
    {
        await using var open = new NpgsqlConnection(connection);
        await open.OpenAsync(ct);
        await using var command = new NpgsqlCommand(sql, open) { Parameters = { new() { Value = value } } };
        await command.ExecuteNonQueryAsync(ct);
    }
}

/// <summary>
/// After a restore nothing of this service answers, relays, consumes or mails before every service has taken over, from the ledger, what was removed
/// since the backup. A database that cannot be asked whether it was put back holds it as well.
/// </summary>
public sealed class Hold(Restores restores, Ledger ledger, ILogger<Hold> log)
{
    static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(500);

    /// <summary>Returns when the service may work; until then its address says why it does not.</summary>
    public async Task Wait(WebApplication app)
    {
        using var ended = new CancellationTokenSource();
        WebApplication? waiting = null;
        try
        {
            while (!await MayOpen(waiting is null, ended.Token))
            {
                if (waiting is null)
                {
                    waiting = Waiting(app.Urls.Count > 0 ? [.. app.Urls] : (app.Configuration["urls"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries));
                    waiting.Lifetime.ApplicationStopping.Register(ended.Cancel);
                    await waiting.StartAsync();
                }
                await Task.Delay(Beat, ended.Token);
            }
        }
        catch (OperationCanceledException) { Environment.Exit(0); }
        finally { if (waiting is not null) await waiting.DisposeAsync(); }
    }

    async Task<bool> MayOpen(bool say, CancellationToken ct)
    {
        try
        {
            if (await restores.Pending(ct) is not { } restore) return true;
            if (!await ledger.IsReapplied(restore, ct))
            {
                if (say) log.LogWarning("The database was put back by restore {Restore}: nothing opens before every service has run reapply", restore);
                return false;
            }
            await restores.Open(restore, ct);
            return true;
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            if (say) log.LogWarning("Whether the database was put back cannot be asked ({Fault})", e.GetType().Name);
            return false;
        }
    }

    static WebApplication Waiting(string[] urls)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        if (urls.Length > 0) builder.WebHost.UseUrls(urls);
        builder.WebHost.ConfigureKestrel(k => k.AddServerHeader = false);
        var waiting = builder.Build();
        waiting.Run(async http =>
        {
            if (http.Request.Path == "/health/live") { await http.Response.WriteAsJsonAsync(new { status = "healthy" }); return; }
            http.Response.Headers.RetryAfter = "30";
            http.Response.Headers.CacheControl = "no-store";
            if (http.Request.Path == "/health/ready")
            {
                http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                await http.Response.WriteAsJsonAsync(new { status = "unhealthy", parts = new { restore = "unhealthy" } });
            }
            else if (http.Request.GetTypedHeaders().Accept.Any(a => a.MediaType == "text/html"))
            {
                http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                http.Response.ContentType = "text/html; charset=utf-8";
                await http.Response.WriteAsync(Page);
            }
            else await Refusals.Problem("server.restoring").ExecuteAsync(http);
        });
        return waiting;
    }

    const string Page =
        """
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Back soon</title>
        <main>
        <h1>Back soon</h1>
        <p>This site is being put in order and will be back shortly. Please try again in a few minutes.</p>
        </main>

        """;
}

/// <summary>The step that every service runs once after a restore, before it may open: <c>&lt;service&gt; reapply</c>. It may be repeated.</summary>
static class Reapplication
{
    /// <param name="works">Must be harmless when repeated.</param>
    public static async Task Run(IServiceProvider services, IReadOnlyList<Func<IServiceProvider, CancellationToken, Task>> works, CancellationToken ct)
    {
        var (restores, ledger) = (services.GetRequiredService<Restores>(), services.GetRequiredService<Ledger>());
        if (await restores.Pending(ct) is not { } restore) return;
        foreach (var work in works) await work(services, ct);
        // What was under way when the backup was taken is in no queue any more. Consumers know what they have, so all is said again.
        await restores.SayAllAgain(services.GetRequiredService<Announcements>().Lanes.Select(l => l.Name), ct);
        await ledger.AddReapplied(restore, ct);
    }
}
