using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;
using System.Runtime.ExceptionServices;
using System.Text.Json;
using Marten;
using MassTransit;
using MassTransit.Middleware;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client.Exceptions;

namespace Vigil.Hosting;

/// <summary>One durable queue of this service and what it does with each kind of message, in order of arrival per article.</summary>
public sealed class Queue(string name)
{
    internal string Name { get; } = name;
    internal List<Action<IRabbitMqReceiveEndpointConfigurator, IBusRegistrationContext>> Handlers { get; } = [];
    readonly Dictionary<string, Func<JsonElement, IDocumentStore, CancellationToken, Task>> _otherwise = [];

    /// <summary>The kinds of messages it takes, by their URN.</summary>
    public IReadOnlyCollection<string> Kinds => _otherwise.Keys;

    /// <summary>Does the same with a message that came another way than over the broker. What it does not take is none of its business.</summary>
    public Task Take(string kind, JsonElement message, IDocumentStore store, CancellationToken ct) =>
        _otherwise.TryGetValue(kind, out var take) ? take(message, store, ct) : Task.CompletedTask;

    /// <param name="orderedBy">Messages with the same id are handled one after the other.</param>
    /// <param name="handle">Must be harmless when repeated: every message may come twice.</param>
    /// <param name="removes">What may not wait in this service's error queues once the message is handled.</param>
    public Queue On<T>(Func<T, Guid> orderedBy, Func<T, IDocumentStore, CancellationToken, Task> handle, Func<T, Removal?>? removes = null) where T : class
    {
        var (message, told) = (MessageUrn.ForTypeString<T>(), typeof(T).GetProperty("At"));
        Handlers.Add((endpoint, context) => endpoint.Handler<T>(
            async c =>
            {
                var queue = c.ReceiveContext.InputAddress.Segments[^1];
                using var activity = Telemetry.Consume(queue, message, c.MessageId, c.Headers.Get<string>(Relay.TraceHeader));
                try
                {
                    await handle(c.Message, context.GetRequiredService<IDocumentStore>(), c.CancellationToken);
                    if (told?.GetValue(c.Message) is DateTimeOffset at) Telemetry.Handled(queue, message, context.GetRequiredService<TimeProvider>().GetUtcNow() - at);
                    if (removes?.Invoke(c.Message) is { } removal) await context.GetRequiredService<Removals>().Carry(removal, c.CancellationToken);
                }
                catch
                {
                    activity?.SetStatus(ActivityStatusCode.Error);
                    throw;
                }
            },
            h => h.UsePartitioner(16, c => orderedBy(c.Message))));
        _otherwise[message] = (body, store, ct) => handle(body.Deserialize<T>(Json.Stored)!, store, ct);
        return this;
    }

    /// <summary>Nothing else is to be done.</summary>
    public Queue On<T>(Func<T, Removal> removes) where T : class => On<T>(m => removes(m).Article, (_, _, _) => Task.CompletedTask, removes);
}

/// <summary>RabbitMQ through MassTransit: the only place where it is touched, the relay apart.</summary>
public static class Bus
{
    public static void AddBus(this WebApplicationBuilder builder, string service, params Queue[] queues)
    {
        Uri Address() => new(builder.Configuration.GetConnectionString("RabbitMq") ?? throw new InvalidOperationException("Set ConnectionStrings:RabbitMq."));
        builder.Services.AddSingleton(_ => new ErrorQueues(service, Address(), queues.Select(q => $"{service}-{q.Name}")));
        builder.Services.AddSingleton<Removals>();
        builder.Services.AddSingleton(s => new Messages(service, s.GetRequiredService<ErrorQueues>(), queues.SelectMany(q => q.Kinds).ToHashSet()));
        builder.Services.AddSingleton(new Gauge("vigil.queue.messages", "{message}", "Messages that wait in a queue, or were set aside.", async (services, ct) =>
            (await services.GetRequiredService<ErrorQueues>().Depths(ct)).Select(d => new Measurement<double>(d.Messages, new KeyValuePair<string, object?>("messaging.destination.name", d.Queue)))));
        if (!Service.IsDaemon(builder.Configuration)) return;
        builder.Services.AddMassTransit(x =>
        {
            x.DisableUsageTelemetry();
            x.ConfigureHealthCheckOptions(o => { o.Name = "bus"; o.Tags.Clear(); o.Tags.Add("ready"); });
            x.UsingRabbitMq((context, bus) =>
            {
                bus.Host(Address());
                ConnectSoonAgain(bus);
                bus.DeployTopologyOnly = Service.IsMigrating(builder.Configuration);
                bus.ConfigureJsonSerializerOptions(json => { Json.Shape(json); return json; });
                foreach (var queue in queues)
                    bus.ReceiveEndpoint($"{service}-{queue.Name}", endpoint =>
                    {
                        endpoint.SetQuorumQueue();
                        endpoint.SingleActiveConsumer = true;
                        endpoint.PrefetchCount = 64;
                        endpoint.ConfigureConsumeTopology = true;
                        endpoint.PublishFaults = false;
                        endpoint.ConfigureError(error =>
                        {
                            error.UseFilter(new RedeliverOutages(context.GetRequiredService<ILogger<RedeliverOutages>>()));
                            error.UseFilter(new LookForRemovals(context));
                            error.UseFilter(new GenerateFaultFilter());
                            error.UseFilter(new ErrorTransportFilter());
                        });
                        endpoint.ConfigureDeadLetter(skipped =>
                        {
                            skipped.UseFilter(new LookForRemovals(context));
                            skipped.UseFilter(new DeadLetterTransportFilter());
                        });
                        endpoint.UseMessageRetry(r =>
                        {
                            r.Handle<Exception>(Store.IsOutage);
                            r.Exponential(30, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(200));
                        });
                        endpoint.UseMessageRetry(r =>
                        {
                            r.Handle<Exception>(Store.IsRace);
                            r.Intervals(2, 5, 10, 20, 50, 100, 200, 400);
                        });
                        foreach (var handler in queue.Handlers) handler(endpoint, context);
                    });
            });
        });
    }

    /// <summary>
    /// A queue whose connection is lost waits longer after each attempt in vain, up to 38 s, and that long ever after, also where the next attempt
    /// would succeed. MassTransit 8.5 has no setting for it. What is tried again is what it tries again, sending included, and also a password that was refused:
    /// somebody may be changing it.
    /// </summary>
    static void ConnectSoonAgain(IRabbitMqBusFactoryConfigurator bus)
    {
        const BindingFlags Inside = BindingFlags.Instance | BindingFlags.NonPublic;
        var host = bus.GetType().GetField("_hostConfiguration", Inside)?.GetValue(bus);
        var policy = host?.GetType().GetField("<ReceiveTransportRetryPolicy>k__BackingField", Inside) ?? throw new InvalidOperationException("MassTransit keeps elsewhere how it connects again.");
        policy.SetValue(host, Retry.CreatePolicy(r =>
        {
            r.Handle<ConnectionException>();
            r.Handle<AlreadyClosedException>();
            r.Handle<EndOfStreamException>();
            r.Handle<OperationInterruptedException>(e => e.ShutdownReason is null or { ReplyCode: >= 300 });
            r.Exponential(1000, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(1));
        }));
    }
}

/// <summary>Sends a message back to its queue when only the world around it failed; what can never succeed goes on to the error queue.</summary>
sealed class RedeliverOutages(ILogger<RedeliverOutages> log) : IFilter<ExceptionReceiveContext>
{
    public Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next)
    {
        var cause = context.Exception;
        if (Store.IsOutage(cause) || Store.IsRace(cause) || cause.GetBaseException() is OperationCanceledException)
            ExceptionDispatchInfo.Throw(cause);
        log.LogError("Message {MessageId} of {Queue} goes to the error queue ({Fault})",
            context.TransportHeaders.Get<string>("MessageId"), context.InputAddress.Segments[^1], cause.GetBaseException().GetType().Name);
        Telemetry.SetAside(context.InputAddress.Segments[^1]);
        return next.Send(context);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("redeliver-outages");
}

/// <summary>A message that is set aside after its words were removed goes from there, too.</summary>
sealed class LookForRemovals(IServiceProvider services) : IFilter<ExceptionReceiveContext>, IFilter<ReceiveContext>
{
    public Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next) => Look(context, next.Send(context));
    public Task Send(ReceiveContext context, IPipe<ReceiveContext> next) => Look(context, next.Send(context));

    async Task Look(ReceiveContext context, Task moved)
    {
        await moved;
        if (Guid.TryParse(context.TransportHeaders.Get<string>(SetAside.ArticleHeader), out var article)) await services.GetRequiredService<Removals>().Look(article, context.CancellationToken);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("look-for-removals");
}
