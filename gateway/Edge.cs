using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using OpenTelemetry;
using OpenTelemetry.Context.Propagation;
using Vigil.Hosting;

namespace Vigil.Gateway;

/// <summary>How connections from outside are taken: bounded, and with nothing believed that the client says about itself.</summary>
static class Edge
{
    public static void AddEdge(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(k =>
        {
            k.Limits.MaxRequestHeaderCount = 64;
            k.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(60);
            k.Limits.MaxConcurrentConnections = builder.Configuration.GetValue("Gateway:MaxConnections", 2_000L);
            k.Limits.MinRequestBodyDataRate = new MinDataRate(240, TimeSpan.FromSeconds(5));
            k.Limits.MinResponseDataRate = new MinDataRate(240, TimeSpan.FromSeconds(5));
            k.Limits.Http2.MaxStreamsPerConnection = 64;
            k.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
            k.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(10);
        });
        // The forwarder's records hold whole addresses, and some of those are secrets.
        builder.Logging.AddFilter("Yarp", LogLevel.Warning);
        builder.Logging.AddFilter("Yarp.ReverseProxy.Forwarder", LogLevel.Error);
        builder.Logging.AddFilter("Yarp.ReverseProxy.LoadBalancing", LogLevel.Error);
        builder.Logging.AddFilter("Yarp.ReverseProxy.Health.ActiveHealthCheckMonitor", LogLevel.Error);

        Sdk.SetDefaultTextMapPropagator(new TraceContextPropagator());
        builder.Services.AddSingleton<DistributedContextPropagator>(new NewTrace());

        // What the gateway seals, it seals with secrets that are known anyway.
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
    }

    /// <summary>Behind a load balancer its word about client and scheme counts, and nobody else's. Gateway:TrustedProxies names it.</summary>
    public static void UseEdge(this WebApplication app)
    {
        app.Use((http, next) =>
        {
            if (!IsAmbiguous(http)) return next(http);
            http.Response.Headers.Connection = "close";
            return Refusals.Problem("request.malformed").ExecuteAsync(http);
        });
        var proxies = app.Configuration.GetSection("Gateway:TrustedProxies").Get<string[]>() ?? [];
        if (proxies.Length == 0) return;
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = 1 };
        options.KnownIPNetworks.Clear();
        options.KnownProxies.Clear();
        foreach (var proxy in proxies)
            if (proxy.Contains('/', StringComparison.Ordinal)) options.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(proxy));
            else options.KnownProxies.Add(IPAddress.Parse(proxy));
        app.UseForwardedHeaders(options);
    }

    /// <summary>
    /// Two lengths for one body are how requests are smuggled; Kestrel sets the second aside under another name. And a slash that is written
    /// as an escape parts a path for some programs only; no address here has one.
    /// </summary>
    static bool IsAmbiguous(HttpContext http)
    {
        if (http.Request.Headers.ContainsKey("X-Content-Length")) return true;
        var path = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?')[0];
        return path.Contains("%2f", StringComparison.OrdinalIgnoreCase) || path.Contains("%5c", StringComparison.OrdinalIgnoreCase) || path.Contains('\\', StringComparison.Ordinal);
    }
}

/// <summary>Begins a trace for every request and never goes on with one from outside; no baggage comes in.</summary>
sealed class NewTrace : DistributedContextPropagator
{
    static readonly DistributedContextPropagator W3C = CreateW3CPropagator();

    public override IReadOnlyCollection<string> Fields => W3C.Fields;

    public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter) => W3C.Inject(activity, carrier, setter);

    public override void ExtractTraceIdAndState(object? carrier, PropagatorGetterCallback? getter, out string? traceId, out string? traceState) =>
        traceId = traceState = null;

    public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, PropagatorGetterCallback? getter) => null;
}
