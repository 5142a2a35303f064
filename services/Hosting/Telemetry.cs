using System.Collections.Frozen;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace Vigil.Hosting;

/// <summary>
/// Traces, metrics and logs go by OTLP to the collector that OTEL_EXPORTER_OTLP_ENDPOINT names; the standard's other OTEL_ variables say protocol,
/// sampler and intervals. Nothing goes that is not on a list: no address, no query, no text of a fault. Queues to the collector are bounded, so
/// one that is slow, away or hostile costs records and never a request.
/// </summary>
public static class Telemetry
{
    public const string Name = "Vigil";

    public static readonly ActivitySource Source = new(Name);
    public static readonly Meter Meter = new(Name);

    static readonly Histogram<double> Delay = Meter.CreateHistogram("vigil.message.delay", "s", "From the event to the end of its handling by another service: to a page that shows it, or shows it no more.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.02, 0.035, 0.05, 0.075, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 300, 3600] });
    static readonly Counter<long> Commands = Meter.CreateCounter<long>("vigil.commands", "{command}", "Commands by what came of them: recorded, nothing, repeated, or the code of the refusal.");
    static readonly Counter<long> SetAsides = Meter.CreateCounter<long>("vigil.messages.set_aside", "{message}", "Messages that went to an error queue.");
    static readonly Counter<long> Mails = Meter.CreateCounter<long>("vigil.mails", "{mail}", "Mails by what came of them.");

    /// <summary>What spans and measurements may say beside their name and times.</summary>
    static readonly FrozenSet<string> Allowed = FrozenSet.Create("http.request.method", "http.route", "http.response.status_code", "error.type", "network.protocol.version", "url.scheme",
        "messaging.system", "messaging.operation.type", "messaging.destination.name", "messaging.message.id", "db.system.name", "vigil.message", "vigil.lane", "vigil.command", "vigil.outcome",
        "db.client.connection.state", "gc.heap.generation", "cpu.mode");

    internal static bool IsOn(IConfiguration configuration) => !string.IsNullOrEmpty(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]);

    internal static void AddTelemetry(this WebApplicationBuilder builder, string service)
    {
        if (IsOn(builder.Configuration))
        {
            builder.Logging.AddOpenTelemetry(l => l.AddOtlpExporter());
            builder.Services.AddOpenTelemetry()
                .ConfigureResource(r => r.AddService($"vigil-{service}"))
                .WithTracing(t => t.AddSource(Name)
                    .AddAspNetCoreInstrumentation(o => o.Filter = http => !http.Request.Path.StartsWithSegments("/health"))
                    .AddHttpClientInstrumentation(o => o.FilterHttpRequestMessage = r => r.RequestUri?.AbsolutePath.StartsWith("/health/", StringComparison.Ordinal) != true)
                    .AddProcessor(new OnlyAllowed()).AddOtlpExporter())
                .WithMetrics(m => m.AddMeter(Name, "Npgsql").AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddRuntimeInstrumentation()
                    .AddView(_ => new MetricStreamConfiguration { TagKeys = [.. Allowed] }).AddOtlpExporter());
            builder.AddWorker<Gauges>();
        }
        builder.Logging.Guard();
    }

    /// <summary>Handling a message goes on with the trace of what it tells of.</summary>
    internal static Activity? Consume(string queue, string message, Guid? id, string? traceparent) => Start("process", queue, message, ActivityKind.Consumer, id, traceparent);

    /// <summary>The author's trace goes on: the store keeps its traceparent as the cause.</summary>
    internal static Activity? Send(string message, Guid id, string? traceparent) => Start("send", message, message, ActivityKind.Producer, id, traceparent);

    static Activity? Start(string verb, string destination, string message, ActivityKind kind, Guid? id, string? traceparent) => Source.StartActivity($"{verb} {destination}", kind, Parse(traceparent),
        [new("messaging.system", "rabbitmq"), new("messaging.operation.type", verb), new("messaging.destination.name", destination), new("vigil.message", message), new("messaging.message.id", id?.ToString())]);

    /// <summary>Work that begins long after what caused it has a trace of its own, and says which one that was.</summary>
    public static Activity? Later(string name, string? traceparent) =>
        Source.StartActivity(name, ActivityKind.Producer, default(ActivityContext), links: Parse(traceparent) is var cause && cause != default ? [new(cause)] : []);

    static ActivityContext Parse(string? traceparent) => ActivityContext.TryParse(traceparent, null, isRemote: true, out var context) ? context : default;

    internal static void Handled(string queue, string message, TimeSpan since) => Delay.Record(Math.Max(0, since.TotalSeconds), new Tag("messaging.destination.name", queue), new Tag("vigil.message", message));
    internal static void Decided(string command, string outcome) => Commands.Add(1, new Tag("vigil.command", command), new Tag("vigil.outcome", outcome));
    internal static void SetAside(string queue) => SetAsides.Add(1, new Tag("messaging.destination.name", queue));
    public static void Mailed(string outcome) => Mails.Add(1, new Tag("vigil.outcome", outcome));

    /// <summary>A span says what is on the list. Events, which hold the words of faults, cannot be taken from it, so one that has any stays here.</summary>
    sealed class OnlyAllowed : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data)
        {
            foreach (var tag in data.TagObjects.Select(t => t.Key).Where(t => !Allowed.Contains(t)).ToArray()) data.SetTag(tag, null);
            if (data.StatusDescription is not null) data.SetStatus(data.Status);
            if (data.Events.Any()) data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }
    }
}
