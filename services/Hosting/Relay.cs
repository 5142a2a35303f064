using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;
using JasperFx;
using JasperFx.Events;
using JasperFx.Events.Daemon;
using JasperFx.Events.Daemon.HighWater;
using JasperFx.Events.Projections;
using Marten;
using Marten.Subscriptions;
using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Vigil.Hosting;

/// <summary>One ordered way out of the store. Endings have their own, so that a removal never waits behind releases.</summary>
public sealed record Lane(string Name, params Type[] Events);

/// <summary>
/// What a service tells the others: the lanes, the texts that an event's message needs, and the message itself. It returns null where
/// there is nothing to tell, for instance since the text is erased. <paramref name="Ledger"/> is what must outlive a restore.
/// </summary>
public sealed record Announcements(IReadOnlyList<Lane> Lanes, Func<IEvent, IEnumerable<TextHash>> Cites, Func<Fact, TextLookup, object?> For, LedgerLane? Ledger = null)
{
    public static Announcements None { get; } = new([], _ => [], (_, _) => null);

    public IEnumerable<Type> Events => Lanes.SelectMany(l => l.Events).Concat(Ledger?.Events ?? []);
}

/// <summary>
/// The store is the outbox: publishes a page of events in stream order and returns once the broker has confirmed all of them. Any
/// exception rewinds the page, so that nothing is lost and some is said twice.
/// </summary>
public sealed class Relay(Lane lane, IBus bus, Announcements announcements, RelayProgress progress, Restores restores) : SubscriptionBase
{
    /// <summary>W3C Trace Context.</summary>
    internal const string TraceHeader = "traceparent";

    public override async Task<IChangeListener> ProcessEventsAsync(
        EventRange page, ISubscriptionController controller, IDocumentOperations operations, CancellationToken cancellationToken)
    {
        // A publish in flight when the broker goes away may never return, hence a deadline that does not rely on it.
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(5) + TimeSpan.FromMilliseconds(20 * page.Events.Count));
        progress.Began(lane);
        try
        {
            var told = await restores.Know(deadline.Token);
            var texts = await operations.ReadTexts(page.Events.SelectMany(announcements.Cites), deadline.Token);
            await Task.WhenAll(page.Events.GroupBy(e => e.StreamId).Select(async stream =>
            {
                foreach (var e in stream)
                    if (announcements.For(told.Fact(e), texts) is { } message)
                        await Publish(message, e, deadline.Token).WaitAsync(deadline.Token);
            }));
        }
        // To the daemon a cancellation means that it is asked to stop, and it would never come back to this page.
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("Store or broker did not answer in time.");
        }
        progress.Ended(lane);
        return NullChangeListener.Instance;
    }

    async Task Publish(object message, IEvent e, CancellationToken ct)
    {
        using var activity = Telemetry.Send(MessageUrn.ForTypeString(message.GetType()), e.Id, e.CausationId);
        await bus.Publish(message, message.GetType(), context =>
        {
            context.MessageId = e.Id;
            context.CorrelationId = e.StreamId;
            Label(context, message);
            if ((activity?.Id ?? e.CausationId) is { } trace) context.Headers.Set(TraceHeader, trace);
            if (context.TryGetPayload<RabbitMqSendContext>(out var rabbit)) rabbit.Mandatory = true;
        }, ct);
    }

    /// <summary>Says what the message is about, where it can be seen without reading it. A contract about an article names it <c>ArticleId</c>.</summary>
    static void Label(SendContext context, object message)
    {
        var type = message.GetType();
        if (type.GetProperty("ArticleId")?.GetValue(message) is not Guid article) return;
        context.Headers.Set(SetAside.ArticleHeader, $"{article}");
        context.Headers.Set(SetAside.VersionHeader, $"{type.GetProperty("Version")?.GetValue(message)}");
    }
}

/// <summary>Since when a relay has been trying in vain; the service is not ready after half a minute.</summary>
public sealed class RelayProgress
{
    readonly ConcurrentDictionary<string, long> _since = [];

    public void Began(Lane lane) => _since.TryAdd(lane.Name, Stopwatch.GetTimestamp());
    public void Ended(Lane lane) => _since.TryRemove(lane.Name, out _);
    public TimeSpan Blocked => _since.Values.Select(since => Stopwatch.GetElapsedTime(since)).DefaultIfEmpty().Max();
}

/// <summary>
/// Wakes the daemon as soon as an announced event is committed, here or in another process, and remembers a signal that arrives while it
/// works. Polling stays as the safety net.
/// </summary>
public sealed class LatchedWakeup(string connection, string channel, Announcements announcements) : DocumentSessionListenerBase, IDaemonWakeup
{
    // Events that come close together make one page.
    static readonly TimeSpan Spacing = TimeSpan.FromMilliseconds(10);

    readonly HashSet<Type> _announced = [.. announcements.Events];
    readonly SemaphoreSlim _latch = new(0, 1);
    readonly Lock _once = new();
    Task? _listening;
    long _last;

    public async Task WaitAsync(TimeSpan timeout, CancellationToken token)
    {
        lock (_once) _listening ??= Task.Run(() => Signal.Listen(connection, channel, Set, token), token);
        var idle = Stopwatch.GetElapsedTime(_last);
        if (idle < Spacing) await Task.Delay(Spacing - idle, token);
        await _latch.WaitAsync(timeout, token);
        _last = Stopwatch.GetTimestamp();
    }

    public override Task BeforeSaveChangesAsync(IDocumentSession session, CancellationToken token)
    {
        if (Announces(session.PendingChanges.Streams())) session.QueueSqlCommand($"NOTIFY {channel}");
        return Task.CompletedTask;
    }

    public override Task AfterCommitAsync(IDocumentSession session, Marten.Services.IChangeSet commit, CancellationToken token)
    {
        if (Announces(commit.GetStreams())) Set();
        return Task.CompletedTask;
    }

    bool Announces(IEnumerable<StreamAction> streams) => streams.SelectMany(s => s.Events).Any(e => _announced.Contains(e.EventType));

    void Set()
    {
        lock (_latch)
            if (_latch.CurrentCount == 0) _latch.Release();
    }

    public void Dispose() => _latch.Dispose();
}

/// <summary>What PostgreSQL notifies of, heard in every process.</summary>
public static class Signal
{
    /// <summary>Calls back at each notification, and once whenever some may have been missed.</summary>
    public static async Task Listen(string connection, string channel, Action heard, CancellationToken token)
    {
        while (!token.IsCancellationRequested)
            try
            {
                await using var listener = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connection) { Pooling = false, KeepAlive = 10 }.ConnectionString);
                await listener.OpenAsync(token);
                listener.Notification += (_, _) => heard();
                await using (var listen = new NpgsqlCommand($"LISTEN {channel}", listener)) await listen.ExecuteNonQueryAsync(token);
                heard();
                while (true) await listener.WaitAsync(token);
            }
            catch (Exception) when (!token.IsCancellationRequested)
            {
                await Task.Delay(500, token);
            }
    }
}

/// <summary>Restarts a shard that the daemon gave up for good, as it does after two leaders met for a moment.</summary>
public sealed class ShardWatchdog(Marten.Events.Daemon.Coordination.IProjectionCoordinator coordinator, ILogger<ShardWatchdog> log) : BackgroundService, IObserver<ShardState>
{
    readonly Channel<string> _stopped = Channel.CreateUnbounded<string>();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var daemon = coordinator.DaemonForMainDatabase();
        using var subscription = daemon.Tracker.Subscribe(this);
        await foreach (var shard in _stopped.Reader.ReadAllAsync(stoppingToken))
        {
            await Task.Delay(2000, stoppingToken);
            try
            {
                if (daemon.StatusFor(shard) != AgentStatus.Stopped) continue;
                log.LogWarning("Shard {Shard} had stopped for good and is started again", shard);
                await daemon.StartAgentAsync(shard, stoppingToken);
            }
            catch (Exception) when (!stoppingToken.IsCancellationRequested)
            {
                _stopped.Writer.TryWrite(shard);
            }
        }
    }

    public void OnNext(ShardState value)
    {
        if (value.Action == ShardAction.Stopped && value.Exception is not null) _stopped.Writer.TryWrite(value.ShardName);
    }

    public void OnError(Exception error) { }
    public void OnCompleted() { }
}
