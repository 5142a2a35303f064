using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Vigil.Gateway.Tests;

/// <summary>A request as an origin got it.</summary>
public sealed record Arrival(string Method, string Target, IReadOnlyDictionary<string, string> Headers, string Body);

/// <summary>Stands in for every service behind the gateway: keeps what reaches it, and answers as a test needs.</summary>
public sealed class Origin : IAsyncDisposable
{
    WebApplication? _app;
    readonly ConcurrentQueue<Arrival> _arrivals = new();

    public int Port { get; } = Ports.Free();
    public string Address => $"http://127.0.0.1:{Port}";
    public IReadOnlyCollection<Arrival> Arrivals => _arrivals;

    /// <summary>Null answers 200 with a few words.</summary>
    public Func<HttpContext, Task>? Answers { get; set; }

    public bool IsReady { get; set; } = true;

    public async Task Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(Address).ConfigureKestrel(k => k.Limits.MaxRequestBodySize = null);
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Run(async http =>
        {
            if (http.Request.Path == "/health/ready")
            {
                http.Response.StatusCode = IsReady ? 200 : 503;
                return;
            }
            // What the gateway asks for on its own account is nobody's request.
            if (http.Request.Path.StartsWithSegments("/inner"))
            {
                http.Response.StatusCode = 503;
                return;
            }
            using var body = new StreamReader(http.Request.Body);
            var target = http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget;
            _arrivals.Enqueue(new(http.Request.Method, target, http.Request.Headers.ToDictionary(h => h.Key, h => $"{h.Value}", StringComparer.OrdinalIgnoreCase), await body.ReadToEndAsync()));
            http.Response.Headers.Server = "origin/1.0";
            http.Response.Headers["X-Powered-By"] = "origin";
            if (Answers is { } answer) await answer(http);
            else await http.Response.WriteAsync("from the origin");
        });
        await app.StartAsync();
        _app = app;
    }

    public async Task Stop()
    {
        if (_app is null) return;
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
        _app = null;
    }

    /// <summary>The only request whose target holds this word, of all that ever came; null: none.</summary>
    public Arrival? With(string word) => _arrivals.SingleOrDefault(a => a.Target.Contains(word, StringComparison.Ordinal));

    public async ValueTask DisposeAsync() => await Stop();
}
