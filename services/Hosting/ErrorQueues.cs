using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace Vigil.Hosting;

/// <summary>
/// A message that could not be handled. Its body may hold words of a story, and so may what its fault said; everything else here says what
/// it is about and no more, and nothing that somebody else could have written into it.
/// </summary>
public sealed class SetAside(string queue, IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body)
{
    /// <summary>Headers that say of a message what it is about, so that it is found without being read.</summary>
    public const string ArticleHeader = "Vigil-Article", VersionHeader = "Vigil-Version";

    const string FirstHeader = "Vigil-First-Fault", TimesHeader = "Vigil-Faults", FaultHeader = "MT-Fault-ExceptionType", AtHeader = "MT-Fault-Timestamp";

    public string Queue => queue;
    public ReadOnlyMemory<byte> Body => body;

    /// <summary>The queue that it came from.</summary>
    public string Origin => queue[..queue.LastIndexOf('_')];

    /// <summary>The message's id; for one that has none, made of its body.</summary>
    public Guid Id { get; } = Guid.TryParse(properties.MessageId, out var id) ? id : new Guid(SHA256.HashData(body.Span).AsSpan(0, 16));

    public Guid? Article => Guid.TryParse(Header(ArticleHeader), out var article) ? article : null;
    public long? Version => long.TryParse(Header(VersionHeader), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null;

    /// <summary>The type of what was thrown.</summary>
    public string? Fault => Header(FaultHeader) is { Length: <= 200 } fault && fault.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '`' or '+') ? fault : null;

    /// <summary>When it was set aside, the first time.</summary>
    public DateTimeOffset? First =>
        DateTimeOffset.TryParse(Header(FirstHeader) ?? Header(AtHeader), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at.ToUniversalTime() : null;

    /// <summary>How often it was set aside.</summary>
    public int Times => int.TryParse(Header(TimesHeader), NumberStyles.None, CultureInfo.InvariantCulture, out var before) ? before + 1 : 1;

    public string? FaultMessage => Header("MT-Fault-Message");

    /// <summary>What it is sent again with: as it first came, and how often it has failed.</summary>
    public BasicProperties Again()
    {
        var again = new BasicProperties(properties) { Headers = new Dictionary<string, object?>() };
        foreach (var (name, value) in properties.Headers ?? new Dictionary<string, object?>())
            if (!name.StartsWith("MT-Fault-", StringComparison.Ordinal) && !name.StartsWith("MT-Host-", StringComparison.Ordinal) && name is not ("MT-Reason" or "x-delivery-count"))
                again.Headers[name] = value;
        if (First is { } first) again.Headers[FirstHeader] = first.ToString("O", CultureInfo.InvariantCulture);
        again.Headers[TimesHeader] = Times.ToString(CultureInfo.InvariantCulture);
        return again;
    }

    public bool Holds(string words) => body.Span.IndexOf(Encoding.UTF8.GetBytes(words)) >= 0;

    string? Header(string name) => properties.Headers?.TryGetValue(name, out var value) == true ? value switch { byte[] bytes => Encoding.UTF8.GetString(bytes), _ => value?.ToString() } : null;
}

/// <summary>
/// Where this service's messages wait that it could not handle. Whoever looks through them holds all of them meanwhile, and alone; when that
/// process is killed, the broker puts everything back.
/// </summary>
public sealed class ErrorQueues(string service, Uri broker, IEnumerable<string> queues) : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30), Doubtful = TimeSpan.FromMilliseconds(200);

    readonly string _lock = $"{service}-errors-lock";
    readonly SemaphoreSlim _one = new(1, 1);
    readonly IReadOnlyList<string> _queues = [.. queues];
    IConnection? _connection;

    public IReadOnlyList<string> Names { get; } = [.. queues.SelectMany(q => new[] { $"{q}_error", $"{q}_skipped" })];

    /// <summary>Shows each message once, oldest first. What is taken is gone, everything else stays.</summary>
    /// <exception cref="TimeoutException">The broker does not answer, or somebody else is at it.</exception>
    public Task Each(Func<SetAside, bool> take, CancellationToken ct) => Each((message, _) => Task.FromResult(take(message)), ct);

    /// <summary>Sends what is chosen back to its queue: it is there before it leaves here, so that a kill in between doubles it at most.</summary>
    public Task SendAgain(Func<SetAside, bool> take, CancellationToken ct)
    {
        // What fails again at once may come by again.
        var sent = new HashSet<(Guid, int)>();
        return Each(async (message, channel) =>
        {
            if (sent.Contains((message.Id, message.Times - 1)) || !take(message)) return false;
            // A broker whose memory or disk is full lets it wait.
            await channel.BasicPublishAsync("", message.Origin, mandatory: true, message.Again(), message.Body, ct).AsTask().WaitAsync(Patience, ct);
            sent.Add((message.Id, message.Times));
            return true;
        }, ct);
    }

    async Task Each(Func<SetAside, IChannel, Task<bool>> take, CancellationToken ct)
    {
        await _one.WaitAsync(ct);
        try
        {
            var connection = await Connect(ct);
            // As nearly always; making the lock and deleting it costs the broker more than all else here.
            if (await IsEmpty(connection, ct)) return;
            await using var alone = await Lock(connection, ct);
            foreach (var queue in Names) await Each(connection, queue, take, ct);
            await alone.QueueDeleteAsync(_lock, cancellationToken: ct);
        }
        catch (Exception e)
        {
            // With it the lock is given back, and every message.
            if (_connection is { } broken) await broken.DisposeAsync();
            if (e is OperationInterruptedException or BrokerUnreachableException or PublishException) throw new TimeoutException("The broker did not do as it was asked.");
            throw;
        }
        finally { _one.Release(); }
    }

    /// <summary>Nothing waits, and nobody holds anything. What is set aside later than this is later than whoever asked.</summary>
    async Task<bool> IsEmpty(IConnection connection, CancellationToken ct)
    {
        foreach (var queue in Names)
            if (await Look(connection, queue, ct) is not (0, 0)) return false;
        return true;
    }

    // One active consumer at a time is all that these queues have, so they are consumed and not asked.
    static async Task Each(IConnection connection, string queue, Func<SetAside, IChannel, Task<bool>> take, CancellationToken ct)
    {
        await using var channel = await connection.CreateChannelAsync(new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), ct);
        // Whoever was killed at it gives back what they held together with their place here, and both later than the lock.
        var (waiting, others) = await Look(channel, queue, ct);
        for (var began = Stopwatch.GetTimestamp(); others > 0 && Stopwatch.GetElapsedTime(began) < Patience; (waiting, others) = await Look(channel, queue, ct)) await Task.Delay(5, ct);
        if (waiting == 0) return;
        // All that wait are held at once; without a figure it would be 2000 at most.
        await channel.BasicQosAsync(0, (ushort)Math.Min(waiting, ushort.MaxValue), global: false, ct);
        var (seen, kept, idle, over) = (0L, 0L, Stopwatch.GetTimestamp(), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += async (_, got) =>
        {
            // Later ones are not ours: what was sent again may have failed again.
            if (over.Task.IsCompleted) return;
            Volatile.Write(ref idle, long.MaxValue);
            try
            {
                if (await take(new SetAside(queue, got.BasicProperties, got.Body), channel)) await channel.BasicAckAsync(got.DeliveryTag, multiple: false, ct);
                else kept++;
                if (++seen == waiting) over.TrySetResult();
            }
            catch (Exception e) { over.TrySetException(e); }
            Volatile.Write(ref idle, Stopwatch.GetTimestamp());
        };
        var place = await channel.BasicConsumeAsync(queue, autoAck: false, consumer, ct);
        while (await Task.WhenAny(over.Task, Task.Delay(Patience / 100, ct)) != over.Task)
            // Or it has expired, which whoever comes again will see.
            if (Stopwatch.GetElapsedTime(Volatile.Read(ref idle)) > Patience) over.TrySetException(new TimeoutException($"The broker does not give out what waits in {queue}."));
        await over.Task;
        // Cancelled, it tells the broker what it still has to tell of what was taken; closed, it gives back what we held. Until then it counts as one who is here.
        await channel.BasicCancelAsync(place, cancellationToken: ct);
        await channel.CloseAsync(ct);
        // Whoever looks next counts first.
        await using var next = await connection.CreateChannelAsync(cancellationToken: ct);
        for (var began = Stopwatch.GetTimestamp(); (await Look(next, queue, ct)).Waiting < kept && Stopwatch.GetElapsedTime(began) < Patience / 10; ) await Task.Delay(5, ct);
    }

    /// <summary>How many wait in each of this service's queues, also in those of errors.</summary>
    public async Task<IReadOnlyList<(string Queue, long Messages)>> Depths(CancellationToken ct)
    {
        await _one.WaitAsync(ct);
        try
        {
            var connection = await Connect(ct);
            List<(string, long)> depths = [];
            foreach (var queue in (string[])[.. _queues, .. Names]) depths.Add((queue, await Depth(connection, queue, ct)));
            return depths;
        }
        finally { _one.Release(); }
    }

    static async Task<uint> Depth(IConnection connection, string queue, CancellationToken ct) => (await Look(connection, queue, ct)).Waiting;

    static async Task<(uint Waiting, uint Consumers)> Look(IConnection connection, string queue, CancellationToken ct)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: ct);
        return await Look(channel, queue, ct);
    }

    // A queue of errors is made by the first one. A broker that could not find out within a quarter of a second says that nothing is there.
    static async Task<(uint Waiting, uint Consumers)> Look(IChannel channel, string queue, CancellationToken ct)
    {
        for (var began = Stopwatch.GetTimestamp(); ;)
            try
            {
                var asked = Stopwatch.GetTimestamp();
                var there = await channel.QueueDeclarePassiveAsync(queue, ct);
                if (there is not { MessageCount: 0, ConsumerCount: 0 } || Stopwatch.GetElapsedTime(asked) < Doubtful) return (there.MessageCount, there.ConsumerCount);
                if (Stopwatch.GetElapsedTime(began) > Patience) throw new TimeoutException($"The broker does not say what waits in {queue}.");
            }
            catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == Constants.NotFound) { return default; }
    }

    async Task<IConnection> Connect(CancellationToken ct)
    {
        if (_connection is { IsOpen: true } open) return open;
        if (_connection is { } dead) await dead.DisposeAsync();
        var address = new UriBuilder(broker) { Scheme = broker.Scheme is "amqps" or "rabbitmqs" ? "amqps" : "amqp" }.Uri;
        return _connection = await new ConnectionFactory { Uri = address, AutomaticRecoveryEnabled = false, ClientProvidedName = _lock }.CreateConnectionAsync(ct);
    }

    /// <summary>A queue that only this connection may use, and that goes with it.</summary>
    async Task<IChannel> Lock(IConnection connection, CancellationToken ct)
    {
        for (var began = Stopwatch.GetTimestamp(); ; await Task.Delay(50, ct))
        {
            var channel = await connection.CreateChannelAsync(cancellationToken: ct);
            try
            {
                await channel.QueueDeclareAsync(_lock, durable: false, exclusive: true, autoDelete: false, cancellationToken: ct);
                return channel;
            }
            catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == Constants.ResourceLocked && Stopwatch.GetElapsedTime(began) < Patience)
            {
                await channel.DisposeAsync();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is { } connection) await connection.DisposeAsync();
        _one.Dispose();
    }
}
