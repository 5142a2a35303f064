using System.Diagnostics;
using JasperFx;
using JasperFx.Events;
using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using Marten;
using Marten.Exceptions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Weasel.Core;

namespace Vigil.Hosting;

/// <summary>The state after a command and the version it has; <see cref="Created"/> only the first time.</summary>
public sealed record Handled<T>(T State, long Version, bool Created);

public static class Store
{
    /// <summary>Marten in the service's own schema, with the relay that announces its events.</summary>
    public static void AddStore(this WebApplicationBuilder builder, string service, Announcements announcements, params Action<StoreOptions>[] rooms)
    {
        // No lock and no setting outlives its transaction. What the address says of these two counts.
        var connection = new NpgsqlConnectionStringBuilder($"No Reset On Close=true;Max Auto Prepare=100;{builder.Configuration.GetConnectionString("Postgres")}")
        {
            ApplicationName = service,
            // PostgreSQL would notice a killed leader only after a minute; and, while it has no statistics yet, read all events to find the newest.
            Options = "-c client_connection_check_interval=500 -c random_page_cost=1.1",
        }.ConnectionString;
        var wakeup = new LatchedWakeup(connection, $"{service}_events", announcements);

        builder.Services.AddSingleton<RelayProgress>();
        foreach (var lane in announcements.Lanes)
        {
            builder.Services.AddSingleton(OfLane(service, lane, "vigil.relay.lag", "s", "The age of the oldest event that was not announced yet.", "coalesce(extract(epoch from now() - min(timestamp)), 0)"));
            builder.Services.AddSingleton(OfLane(service, lane, "vigil.relay.pending", "{event}", "Events that were not announced yet, counted up to 10,000.", "count(*)"));
        }
        builder.Services.AddSingleton(new Restores(connection, service));
        builder.Services.AddSingleton<Hold>();
        builder.Services.AddSingleton(announcements);
        builder.Services.AddSingleton(Ledger.At(builder.Configuration, service));
        builder.Services.AddHealthChecks().AddCheck<StoreHealth>("store", tags: ["ready"]).AddCheck<LedgerHealth>("ledger", tags: ["ready"]);
        var marten = builder.Services.AddMarten(o =>
        {
            o.Connection(connection);
            o.DatabaseSchemaName = service;
            o.AutoCreateSchemaObjects = AutoCreate.None;
            o.DisableNpgsqlLogging = true;
            // Enums by their C# names: Marten's queries compare with those.
            o.UseSystemTextJsonForSerialization(EnumStorage.AsString, Casing.CamelCase, json => json.RespectNullableAnnotations = true);
            o.Events.StreamIdentity = StreamIdentity.AsGuid;
            o.Events.AppendMode = EventAppendMode.QuickWithServerTimestamps;
            o.Events.UseExclusiveLockOnConcurrentAppends = true;
            o.Events.UseMandatoryStreamTypeDeclaration = true;
            o.Events.UseAdvisoryLockTransaction = true;
            o.Events.MetadataConfig.EnableAll();
            o.Events.MetadataConfig.UserNameEnabled = true;
            o.Projections.Errors.SkipApplyErrors = false;
            o.Projections.Errors.SkipSerializationErrors = false;
            o.Projections.Errors.SkipUnknownEvents = false;
            o.Projections.RebuildErrors.SkipApplyErrors = false;
            o.Projections.LeadershipPollingTime = 1000;
            o.Projections.Wakeup = wakeup;
            o.Listeners.Add(wakeup);
            Texts.Register(o);
            Receipt.Register(o);
            Restores.Register(o);
            Removal.Register(o);
            Heard.Register(o);
            foreach (var room in rooms) room(o);
        }).UseLightweightSessions();

        if (!Service.IsDaemon(builder.Configuration)) return;
        // Two lanes, two relays: the store tells them apart by name.
        builder.Services.ConfigureMarten((services, o) =>
        {
            foreach (var lane in announcements.Lanes)
                o.Projections.Subscribe(ActivatorUtilities.CreateInstance<Relay>(services, lane, announcements), s =>
                {
                    s.Name = lane.Name;
                    s.Options.BatchSize = 500;
                    foreach (var type in lane.Events) s.IncludeType(type);
                });
            if (announcements.Ledger is { } kept)
                o.Projections.Subscribe(ActivatorUtilities.CreateInstance<LedgerRelay>(services, kept), s =>
                {
                    s.Name = "ledger";
                    s.Options.BatchSize = 500;
                    foreach (var type in kept.Events) s.IncludeType(type);
                });
        });
        marten.AddAsyncDaemon(DaemonMode.HotCold);
        builder.AddWorker<ShardWatchdog>();
        builder.AddWorker<Sweeper>();
    }

    static Gauge OfLane(string schema, Lane lane, string name, string unit, string description, string what) => Gauge.Of(name, unit, description,
        $"""
        select {what} from (
          select timestamp from {schema}.mt_events
          where type = any($1) and seq_id > coalesce((select last_seq_id from {schema}.mt_event_progression where name = $2), 0) order by seq_id limit 10000) waiting
        """,
        services => [services.GetRequiredService<IDocumentStore>().Options.Events.AllKnownEventTypes().Where(t => lane.Events.Contains(t.EventType)).Select(t => t.EventTypeName).ToArray(), $"{lane.Name}:All"],
        new KeyValuePair<string, object?>("vigil.lane", lane.Name));

    /// <summary>Gives a stored event the name it keeps for ever, apart from its class.</summary>
    public static void Named<T>(this StoreOptions store, string name) where T : class => store.Events.MapEventType<T>(name);

    /// <summary>Opens a stream: the same key answers with what it made the first time.</summary>
    public static Task<Handled<T>> Create<T>(this IDocumentStore store, Guid id, Command command,
        Func<IDocumentSession, CancellationToken, Task<(Decision, TextBatch)>> decide, CancellationToken ct) where T : class =>
        Attempt(store, command, async session =>
        {
            if (await Replay<T>(session, command, ct) is { } before) return before;
            var (decision, texts) = await decide(session, ct);
            if (decision is not Decision.Recorded { Events: var events }) throw Refused(decision);
            session.Events.StartStream<T>(id, events);
            return await Save<T>(session, id, events.Count, command, texts, created: true, ct);
        });

    /// <summary>Decides on the current state and appends what was decided, with the texts it cites, in one transaction.</summary>
    /// <param name="sees">Whether the caller may know of it; null: everybody may. To who may not, it is unknown in every respect.</param>
    public static Task<Handled<T>> Handle<T>(this IDocumentStore store, Guid id, Command command, string unknown,
        Func<T, TextBatch, IDocumentSession, CancellationToken, Task<Decision>> decide, CancellationToken ct, Func<T, bool>? sees = null) where T : class =>
        Attempt(store, command, async session =>
        {
            if (await Replay<T>(session, command, ct) is { } before)
                return sees is null || await session.LoadAsync<T>(id, ct) is { } now && sees(now) ? before : throw new RefusedException(new Fault(unknown));
            // No stream has the empty id, and the store does not take the question.
            var stream = id == Guid.Empty ? null : await session.Events.FetchForWriting<T>(id, ct);
            if (stream?.Aggregate is not { } state || sees?.Invoke(state) is false) throw new RefusedException(new Fault(unknown));
            var version = stream.CurrentVersion ?? 0;
            if (command.Expected is { } expected && expected != version) throw new StaleException(expected, version);
            var texts = await session.WriteTexts(id, ct);
            var decision = await decide(state, texts, session, ct);
            if (decision is Decision.Unchanged)
            {
                // Version and state are two looks at the database, and somebody may have come between them.
                if ((await session.Events.FetchStreamStateAsync(id, ct))?.Version != version) throw new ConcurrencyException(typeof(T), id);
                // Carried out all the same: repeated later, when it would mean something else, it must not do it.
                Keep(session, id, command, version, created: false);
                await session.SaveChangesAsync(ct);
                Telemetry.Decided(command.Name, "nothing");
                return new Handled<T>(state, version, Created: false);
            }
            if (decision is not Decision.Recorded { Events: var events }) throw Refused(decision);
            stream.AppendMany(events);
            return await Save<T>(session, id, version + events.Count, command, texts, created: false, ct);
        });

    public static Task<Handled<T>> Handle<T>(this IDocumentStore store, Guid id, Command command, string unknown, Func<T, Decision> decide, CancellationToken ct)
        where T : class => store.Handle<T>(id, command, unknown, (state, _, _, _) => Task.FromResult(decide(state)), ct);

    static async Task<Handled<T>> Save<T>(IDocumentSession session, Guid id, long version, Command command, TextBatch texts, bool created, CancellationToken ct)
        where T : class
    {
        if (!await texts.Store(session, ct)) throw new RefusedException(new Fault("text.erased"));
        session.LastModifiedBy = command.Caller.Id.ToString();
        Keep(session, id, command, version, created);
        var state = await session.Events.ProjectLatest<T>(id, ct);
        using (Telemetry.Source.StartActivity("append", ActivityKind.Client, default(ActivityContext), [new("db.system.name", "postgresql")])) await session.SaveChangesAsync(ct);
        Telemetry.Decided(command.Name, "recorded");
        return new(state!, version, created);
    }

    static void Keep(IDocumentSession session, Guid id, Command command, long version, bool created)
    {
        if (command.Receipt is { } receipt) session.Insert(new Receipt(receipt, id, command.BodyHash, version, created, command.At));
    }

    static async Task<Handled<T>?> Replay<T>(IDocumentSession session, Command command, CancellationToken ct) where T : class
    {
        if (command.Receipt is not { } key || await session.LoadAsync<Receipt>(key, ct) is not { } receipt) return null;
        if (receipt.BodyHash != command.BodyHash) throw new RefusedException(new Fault("command.key-reused", "Idempotency-Key"));
        var state = await session.Events.AggregateStreamAsync<T>(receipt.Stream, receipt.Version, token: ct);
        return new(state!, receipt.Version, receipt.Created);
    }

    /// <summary>A lost race is decided again on what won it, unless the client named the version it meant.</summary>
    static async Task<T> Attempt<T>(IDocumentStore store, Command command, Func<IDocumentSession, Task<T>> handle)
    {
        for (var tries = 1; ; tries++)
        {
            await using var session = store.LightweightSession();
            try { return await handle(session); }
            catch (RefusedException refused)
            {
                Telemetry.Decided(command.Name, refused.Faults[0].Code);
                throw;
            }
            catch (StaleException)
            {
                Telemetry.Decided(command.Name, "precondition.stale");
                throw;
            }
            catch (Exception race) when (IsRace(race))
            {
                if (tries < 8) continue;
                Telemetry.Decided(command.Name, "command.contended");
                throw new RefusedException(new Fault("command.contended"));
            }
        }
    }

    /// <summary>Somebody else's transaction won; deciding again gives the right answer. Who loses may lose in several places at once.</summary>
    public static bool IsRace(Exception e) => e switch
    {
        AggregateException several => several.InnerExceptions.All(IsRace),
        ConcurrencyException or EventStreamUnexpectedMaxEventIdException or DocumentAlreadyExistsException
            or JasperFx.Events.ExistingStreamIdCollisionException or Marten.Exceptions.ExistingStreamIdCollisionException => true,
        // A statement was prepared before a migration changed what it returns; the next time it is prepared anew.
        _ when Answer(e) is { SqlState: PostgresErrorCodes.FeatureNotSupported, Routine: "RevalidateCachedQuery" } => true,
        _ => Postgres(e) is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected,
    };

    /// <summary>The database did not answer, or not in time; the same work succeeds once it does.</summary>
    public static bool IsOutage(Exception e) => e switch
    {
        AggregateException several => several.InnerExceptions.All(IsOutage),
        TimeoutException or System.Net.Sockets.SocketException or IOException => true,
        // The classes of connections, of resources and of an operator's intervention.
        _ when Postgres(e) is { } state => state[..2] is "08" or "53" or "57",
        NpgsqlException => true,
        // Whoever wrapped it.
        { InnerException: { } cause } => IsOutage(cause),
        _ => false,
    };

    /// <summary>The SQLSTATE, where PostgreSQL itself answered.</summary>
    public static string? Postgres(Exception e) => Answer(e)?.SqlState;

    static PostgresException? Answer(Exception e) => e as PostgresException ?? (e as MartenException)?.InnerException as PostgresException;

    static RefusedException Refused(Decision decision) => new([.. ((Decision.Refused)decision).Faults]);
}

/// <summary>The version that the client named is not the newest any more.</summary>
public sealed class StaleException(long expected, long current) : Exception("precondition.stale")
{
    public long Expected { get; } = expected;
    public long Current { get; } = current;
}
