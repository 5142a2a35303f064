using System.Collections.Concurrent;
using System.Text;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Vigil.Kit;

/// <summary>A span as it came to the collector.</summary>
/// <param name="Links">The traces that it names beside its own.</param>
public sealed record Span(string Service, string Trace, string Id, string? Parent, string Name, IReadOnlyList<string> Links);

/// <summary>A collector of OTLP over HTTP inside the test process. It keeps what it is sent, byte for byte, and may behave badly.</summary>
public sealed class Collector : IAsyncDisposable
{
    public enum Mood { Takes, IsSilent, IsFloody, IsAway }

    readonly WebApplication _app;
    readonly ConcurrentQueue<(string Signal, byte[] Body)> _taken = new();

    public Mood Behaves { get; set; }
    public int Port { get; } = Ports.Free();

    Collector(WebApplication app) => _app = app;

    public static async Task<Collector> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var collector = new Collector(builder.Build());
        collector._app.MapPost("/v1/{signal}", collector.Take);
        collector._app.Urls.Add($"http://127.0.0.1:{collector.Port}");
        await collector._app.StartAsync();
        return collector;
    }

    /// <summary>What a process is told, to send here soon and all of it.</summary>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://127.0.0.1:{Port}",
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
        ["OTEL_BLRP_SCHEDULE_DELAY"] = "200",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "1000",
    };

    async Task Take(HttpContext http, string signal)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        switch (Behaves)
        {
            case Mood.IsAway: http.Abort(); return;
            case Mood.IsSilent: await Task.Delay(Timeout.Infinite, http.RequestAborted); return;
            case Mood.IsFloody:
                var flood = new byte[1 << 20];
                for (var i = 0; i < 100; i++) await http.Response.Body.WriteAsync(flood, http.RequestAborted);
                return;
        }
        _taken.Enqueue((signal, body.ToArray()));
        http.Response.ContentType = "application/x-protobuf";
    }

    public int Count => _taken.Count;

    /// <summary>What of this came, in whatever place: <c>traces</c>, <c>metrics</c>, <c>logs</c>.</summary>
    public IReadOnlyList<string> With(string words) => [.. _taken.Where(t => t.Body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(words)) >= 0).Select(t => t.Signal)];

    /// <summary>All that was measured, by the names that Prometheus gives it (its "OTLP to Prometheus" rules).</summary>
    public IReadOnlySet<string> Series => _taken.Where(t => t.Signal == "metrics").SelectMany(t => Message.Read(t.Body).At(1, 2, 2)).SelectMany(Names).ToHashSet();

    static IEnumerable<string> Names(Message metric)
    {
        var unit = metric.Text(3) switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        var name = metric.Text(1)!.Replace('.', '_') + unit;
        if (metric.At(9).Any()) return [$"{name}_bucket", $"{name}_count", $"{name}_sum"];
        return [metric.At(7).Any(sum => sum.Number(3) == 1) ? $"{name}_total" : name];
    }

    public IReadOnlyList<Span> Spans =>
    [
        .. from taken in _taken
           where taken.Signal == "traces"
           from resource in Message.Read(taken.Body).At(1)
           let service = resource.At(1, 1).First(a => a.Text(1) == "service.name").At(2).First().Text(1)!
           from span in resource.At(2, 2)
           select new Span(service, span.Hex(1), span.Hex(2), span.Hex(4) is { Length: > 0 } parent ? parent : null, span.Text(5)!, [.. span.At(13).Select(l => l.Hex(1))]),
    ];

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>A message of protocol buffers by the numbers of its fields, as opentelemetry-proto 1 gives them; those of fixed length are not read.</summary>
    sealed record Message(ILookup<int, ByteString> Fields, ILookup<int, ulong> Numbers)
    {
        public static Message Read(byte[] body)
        {
            var input = new CodedInputStream(body);
            List<(int Field, ByteString Value)> fields = [];
            List<(int Field, ulong Value)> numbers = [];
            while (input.ReadTag() is not 0 and var tag)
                switch (WireFormat.GetTagWireType(tag))
                {
                    case WireFormat.WireType.LengthDelimited: fields.Add((WireFormat.GetTagFieldNumber(tag), input.ReadBytes())); break;
                    case WireFormat.WireType.Varint: numbers.Add((WireFormat.GetTagFieldNumber(tag), input.ReadUInt64())); break;
                    default: input.SkipLastField(); break;
                }
            return new(fields.ToLookup(f => f.Field, f => f.Value), numbers.ToLookup(n => n.Field, n => n.Value));
        }

        public IEnumerable<Message> At(params int[] path) => path.Aggregate((IEnumerable<Message>)[this], (at, field) => at.SelectMany(m => m.Fields[field]).Select(f => Read(f.ToByteArray())));
        public string? Text(int field) => Fields[field].FirstOrDefault()?.ToStringUtf8();
        public ulong Number(int field) => Numbers[field].FirstOrDefault();
        public string Hex(int field) => Convert.ToHexStringLower(Fields[field].FirstOrDefault()?.ToByteArray() ?? []);
    }
}
