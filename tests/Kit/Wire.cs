using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using MassTransit;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
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

    internal Wire(RabbitMq rabbit, string host) => (_rabbit, _host) = (rabbit, host);

    public Task Publish<T>(T message, Guid? messageId = null) where T : class => Publish<T>(ToJson(message), messageId);

    /// <summary>A message of this contract whose body a test has changed, for instance by a member that is not known yet.</summary>
    public async Task Publish<T>(JsonObject message, Guid? messageId = null) where T : class
    {
        var id = $"{messageId ?? Guid.NewGuid()}";
        await PublishRaw(NameOf<T>(), new JsonObject
        {
            ["messageId"] = id,
            ["messageType"] = new JsonArray(MessageUrn.ForTypeString<T>()),
            ["message"] = message,
        }.ToJsonString(), "application/vnd.masstransit+json");
    }

    public static JsonObject ToJson<T>(T message) where T : class => JsonSerializer.SerializeToNode(message, Dialect)!.AsObject();

    /// <summary>Any bytes, to the exchange of a contract.</summary>
    public async Task PublishRaw(string exchange, string body, string contentType)
    {
        await using var channel = await Open(confirms: true);
        await channel.BasicPublishAsync(exchange, "", mandatory: true, new BasicProperties { ContentType = contentType, Persistent = true }, System.Text.Encoding.UTF8.GetBytes(body));
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
            ear.Hear(JsonSerializer.Deserialize<JsonElement>(delivery.Body.Span).GetProperty("message").Deserialize<T>(Dialect)!);
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue.QueueName, autoAck: true, consumer);
        return ear;
    }

    /// <summary>How many wait in one queue; 0 where it does not exist.</summary>
    public async Task<long> Depth(string queue)
    {
        try
        {
            await using var channel = await Open();
            return (await channel.QueueDeclarePassiveAsync(queue)).MessageCount;
        }
        catch (RabbitMQ.Client.Exceptions.OperationInterruptedException)
        {
            return 0;
        }
    }

    /// <summary>Messages that no service could ever handle.</summary>
    public Task<long> Errors(string queue) => Depth($"{queue}_error");

    /// <summary>Every error queue that holds something. Counted by asking the queue itself: what rabbitmqctl says is seconds old.</summary>
    public async Task<IReadOnlyList<string>> Errors()
    {
        var queues = (await _rabbit.Control("-q", "-p", _host, "list_queues", "name", "--no-table-headers")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var found = new List<string>();
        foreach (var queue in queues.Where(q => q.EndsWith("_error", StringComparison.Ordinal)))
            if (await Depth(queue) is > 0 and var depth) found.Add($"{queue}: {depth}");
        return found;
    }

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

/// <summary>Messages of one contract, in the order in which they came.</summary>
public sealed class Ear<T>(IChannel channel) : IAsyncDisposable
{
    readonly ConcurrentQueue<T> _heard = new();

    internal void Hear(T message) => _heard.Enqueue(message);

    public IReadOnlyList<T> Heard => _heard.ToArray();

    public ValueTask DisposeAsync() => channel.DisposeAsync();
}
