using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using MassTransit;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;
using Vigil.Hosting;

namespace Vigil.Kit;

/// <summary>A platform's virtual host as the broker sees it: messages said late, twice, in another order or wrongly, and what became of them.</summary>
public sealed class Wire : IAsyncDisposable
{
    static readonly JsonSerializerOptions Dialect = Json.Shape(new JsonSerializerOptions());

    readonly RabbitMq _rabbit;
    readonly string _host;
    readonly SemaphoreSlim _opening = new(1);
    IConnection? _connection;
    IReadOnlyList<string>? _queues;

    internal Wire(RabbitMq rabbit, string host) => (_rabbit, _host) = (rabbit, host);

    public Task Publish<T>(T message, Guid? messageId = null) where T : class => Publish<T>(ToJson(message), messageId);

    /// <summary>A message of this contract whose body a test has changed, for instance by a member that is not known yet.</summary>
    public Task Publish<T>(JsonObject message, Guid? messageId = null) where T : class => Send(NameOf<T>(), "", MessageUrn.ForTypeString<T>(), message, messageId ?? Guid.NewGuid());

    /// <summary>A message straight into a queue, as if it had been set aside there.</summary>
    public Task Put<T>(string queue, T message, Guid? messageId = null) where T : class => Send("", queue, MessageUrn.ForTypeString<T>(), ToJson(message), messageId ?? Guid.NewGuid());

    Task Send(string exchange, string queue, string urn, JsonObject message, Guid id)
    {
        var envelope = new JsonObject { ["messageId"] = $"{id}", ["messageType"] = new JsonArray(urn), ["message"] = message.DeepClone() };
        // As the relay marks what it sends.
        var headers = new Dictionary<string, object?>();
        if (message["articleId"] is { } article) headers[SetAside.ArticleHeader] = $"{article}";
        if (message["version"] is { } version) headers[SetAside.VersionHeader] = $"{version}";
        return Send(exchange, queue, envelope.ToJsonString(), new() { ContentType = "application/vnd.masstransit+json", Persistent = true, MessageId = $"{id}", Headers = headers });
    }

    public static JsonObject ToJson<T>(T message) where T : class => JsonSerializer.SerializeToNode(message, Dialect)!.AsObject();

    /// <summary>Any bytes, to the exchange of a contract.</summary>
    public Task PublishRaw(string exchange, string body, string contentType) => Send(exchange, "", body, new() { ContentType = contentType, Persistent = true });

    async Task Send(string exchange, string queue, string body, BasicProperties properties)
    {
        await using var channel = await Open(confirms: true);
        await channel.BasicPublishAsync(exchange, queue, mandatory: true, properties, System.Text.Encoding.UTF8.GetBytes(body));
    }

    /// <summary>What lies in every queue, of any service, that keeps what could not be handled; it stays there.</summary>
    public async Task<IReadOnlyList<(string Queue, string Body)>> SetAsides()
    {
        var found = new List<(string, string)>();
        foreach (var service in (await Queues()).GroupBy(q => q[..q.IndexOf('-', StringComparison.Ordinal)]))
        {
            // As the service itself does it, which may be at it just now.
            await using var queues = new ErrorQueues(service.Key, _rabbit.Address(_host), service);
            await queues.Each(m => { found.Add((m.Queue, System.Text.Encoding.UTF8.GetString(m.Body.Span))); return false; }, CancellationToken.None);
        }
        return found;
    }

    /// <summary>Hears every message of a contract from now on.</summary>
    public async Task<Ear<T>> Listen<T>() where T : class
    {
        var channel = await Open();
        await channel.ExchangeDeclareAsync(NameOf<T>(), "fanout", durable: true);
        var queue = await channel.QueueDeclareAsync();
        await channel.QueueBindAsync(queue.QueueName, NameOf<T>(), "");
        var ear = new Ear<T>(channel);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, delivery) =>
        {
            // What is no message of this contract is for the services to set aside.
            T? message = null;
            try { message = JsonSerializer.Deserialize<JsonElement>(delivery.Body.Span).GetProperty("message").Deserialize<T>(Dialect); }
            catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException) { }
            if (message is null) return Task.CompletedTask;
            ear.Hear(delivery.BasicProperties.MessageId, message,
                (delivery.BasicProperties.Headers ?? new Dictionary<string, object?>()).ToDictionary(h => h.Key, h => h.Value is byte[] bytes ? System.Text.Encoding.UTF8.GetString(bytes) : $"{h.Value}"));
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue.QueueName, autoAck: true, consumer);
        return ear;
    }

    /// <summary>How many wait in one queue; 0 where it does not exist.</summary>
    public async Task<long> Depth(string queue) => (await Wait.Until<long?>(async () =>
    {
        try
        {
            await using var channel = await Open();
            var asked = Stopwatch.GetTimestamp();
            var waiting = (await channel.QueueDeclarePassiveAsync(queue)).MessageCount;
            // A broker that could not find out within a quarter of a second says that nothing is there.
            return waiting > 0 || Stopwatch.GetElapsedTime(asked) < TimeSpan.FromMilliseconds(200) ? waiting : null;
        }
        catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == Constants.NotFound) { return 0; }
        catch (RabbitMQClientException) { return null; }
    }, waiting => waiting is not null, $"the depth of {queue}"))!.Value;

    /// <summary>Messages that no service could ever handle.</summary>
    public Task<long> Errors(string queue) => Depth($"{queue}_error");

    /// <summary>Every error queue that holds something. Counted by asking the queue itself: what rabbitmqctl says is seconds old.</summary>
    public async Task<IReadOnlyList<string>> Errors()
    {
        var found = new List<string>();
        foreach (var queue in (await Queues()).SelectMany(q => new[] { $"{q}_error", $"{q}_skipped" }))
            if (await Depth(queue) is > 0 and var depth) found.Add($"{queue}: {depth}");
        return found;
    }

    /// <summary>Those that services hear from. They are made before any service runs, and asked for once.</summary>
    async Task<IReadOnlyList<string>> Queues() => _queues ??=
    [
        .. (await _rabbit.Control("-q", "-p", _host, "list_queues", "name", "--no-table-headers")).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(q => Enum.GetNames<Services>().Any(s => q.StartsWith($"{s.ToLowerInvariant()}-", StringComparison.Ordinal)) && !q.Contains('_', StringComparison.Ordinal) && !q.EndsWith("-lock", StringComparison.Ordinal)),
    ];

    /// <summary>The names of all that messages are sent to.</summary>
    public Task<string> Exchanges() => _rabbit.Control("-q", "-p", _host, "list_exchanges", "name", "--no-table-headers");

    static string NameOf<T>() => typeof(T).GetCustomAttribute<EntityNameAttribute>()!.EntityName;

    async Task<IChannel> Open(bool confirms = false)
    {
        await _opening.WaitAsync();
        try
        {
            _connection ??= await new ConnectionFactory { Uri = _rabbit.Address(_host) }.CreateConnectionAsync();
        }
        finally
        {
            _opening.Release();
        }
        return await _connection.CreateChannelAsync(new CreateChannelOptions(confirms, confirms));
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null) await _connection.DisposeAsync();
        _opening.Dispose();
    }
}

/// <summary>Messages of one contract, in the order in which they came. What a relay says again is heard once.</summary>
public sealed class Ear<T>(IChannel channel) : IAsyncDisposable
{
    readonly ConcurrentQueue<(T Message, IReadOnlyDictionary<string, string> Headers)> _heard = new();
    readonly HashSet<string> _ids = [];

    internal void Hear(string? id, T message, IReadOnlyDictionary<string, string> headers)
    {
        if (id is null || _ids.Add(id)) _heard.Enqueue((message, headers));
    }

    public IReadOnlyList<T> Heard => [.. _heard.Select(h => h.Message)];
    public IReadOnlyList<(T Message, IReadOnlyDictionary<string, string> Headers)> WithHeaders => [.. _heard];

    public ValueTask DisposeAsync() => channel.DisposeAsync();
}
