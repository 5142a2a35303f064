using System.Diagnostics;
using Marten;
using MassTransit;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;
using Npgsql;

namespace Vigil.Hosting;

/// <summary>What every process has: limits, health, strict JSON, token validation, and the step that migrates.</summary>
public static class Defaults
{
    internal const int BodyLimit = 1_000_000;

    /// <summary>A file a setting, named like its environment variable: where containers find their secrets. Secrets is another folder than this.</summary>
    const string Secrets = "/run/secrets";

    public static WebApplicationBuilder AddDefaults(this WebApplicationBuilder builder, string service)
    {
        builder.Configuration.AddKeyPerFile(builder.Configuration["Secrets"] ?? Secrets, optional: true);
        builder.WebHost.ConfigureKestrel(k =>
        {
            k.AddServerHeader = false;
            k.Limits.MaxRequestBodySize = BodyLimit;
            k.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
            k.Limits.MaxRequestLineSize = 4 * 1024;
            k.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        });
        // Exceptions may quote what was sent: only their type and place are logged, by the handler below.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Diagnostics.ExceptionHandlerMiddleware", LogLevel.None);
        builder.Logging.AddFilter("Marten.IDocumentStore", LogLevel.None);
        builder.Logging.AddFilter("Marten.Events", LogLevel.Warning);
        builder.Logging.AddFilter("MassTransit.ReceiveTransport", LogLevel.None);
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("System.Net.Http", LogLevel.Warning);

        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.ConfigureHttpJsonOptions(o => Json.Strict(o.SerializerOptions));
        builder.Services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true);
        builder.Services.AddProblemDetails(o => o.CustomizeProblemDetails = c =>
        {
            c.ProblemDetails.Instance = null;
            c.ProblemDetails.Extensions["traceId"] = Activity.Current?.TraceId.ToString() ?? c.HttpContext.TraceIdentifier;
        });
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(30));
        builder.Services.AddAuthorization(Policy.Register);
        builder.AddTelemetry(service);
        builder.Services.AddHealthChecks();
        return builder;
    }

    /// <summary>Access tokens of any OpenID Connect provider: Identity:Issuer, :Metadata (its discovery document), :Audience and :RoleClaim.</summary>
    public static WebApplicationBuilder AddTokenValidation(this WebApplicationBuilder builder)
    {
        var identity = builder.Configuration.GetSection("Identity");
        builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(o =>
        {
            o.MapInboundClaims = false;
            // An address of its own for the metadata is one inside, where TLS has ended.
            o.RequireHttpsMetadata = identity["Metadata"] is null && identity.GetValue("RequireHttps", true);
            o.MetadataAddress = identity["Metadata"] ?? $"{identity["Issuer"]?.TrimEnd('/')}/.well-known/openid-configuration";
            o.RefreshInterval = TimeSpan.FromSeconds(30);
            o.TokenValidationParameters = new()
            {
                ValidIssuer = identity["Issuer"],
                ValidAudience = identity["Audience"] ?? "vigil",
                ValidAlgorithms = [SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.EcdsaSha256],
                ValidTypes = ["at+jwt"],
                ClockSkew = TimeSpan.FromSeconds(30),
                RoleClaimType = identity["RoleClaim"] ?? "role",
                NameClaimType = "sub",
            };
            o.Events = Refusing();
        });
        return builder;
    }

    /// <summary>Where an address takes tokens of two kinds, the first has refused for both.</summary>
    static Task Refuse(HttpContext http, string code)
    {
        if (http.Response.HasStarted) return Task.CompletedTask;
        if (code == "auth.required") http.Response.Headers.WWWAuthenticate = "Bearer";
        return Refusals.Problem(code).ExecuteAsync(http);
    }

    internal static JwtBearerEvents Refusing() => new()
    {
        OnTokenValidated = c => { if (!c.Principal!.HasClaim(claim => claim.Type == "sub")) c.Fail("It says of nobody who they are."); return Task.CompletedTask; },
        OnChallenge = c => { c.HandleResponse(); return Refuse(c.HttpContext, "auth.required"); },
        OnForbidden = c => Refuse(c.HttpContext, "auth.forbidden"),
    };

    public static void MapDefaults(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = ProblemDocuments.Explain, SuppressDiagnosticsCallback = _ => true });
        app.UseStatusCodePages(c => ProblemDocuments.Unmapped(c.HttpContext.Response.StatusCode) is { } code ? Refusals.Problem(code).ExecuteAsync(c.HttpContext) : Task.CompletedTask);
        app.UseAuthentication();
        app.UseAuthorization();
        app.Use((http, next) => Command.HashBody(http, _ => next(http)));
        app.MapHealth();
    }

    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false, ResponseWriter = Say }).AllowAnonymous();
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = c => c.Tags.Contains("ready"), ResponseWriter = Say }).AllowAnonymous();
    }

    static Task Say(HttpContext http, HealthReport report) => http.Response.WriteAsJsonAsync(new
    {
        status = report.Status.ToString().ToLowerInvariant(),
        parts = report.Entries.ToDictionary(e => e.Key, e => e.Value.Status.ToString().ToLowerInvariant()),
    });
}

/// <summary>
/// Runs a service, or, told to <c>migrate</c>, brings schema and broker topology up to date and ends; told to <c>reapply</c>, does again what
/// was removed since the backup that its database was put back to; told <c>health</c>, ends with 0 if the process beside it is ready; told <c>messages</c>,
/// does what <see cref="Messages"/> says.
/// </summary>
public static class Service
{
    public static bool IsMigrating(IConfiguration configuration) => configuration.GetValue("migrate", false);

    /// <summary>
    /// Whether this process does what no request waits for: relay, queues, clocks, mail. Vigil:Daemon is false where processes that answer
    /// requests have one beside them that does it.
    /// </summary>
    public static bool IsDaemon(IConfiguration configuration) => configuration.GetValue("Vigil:Daemon", true);

    public static void AddWorker<T>(this WebApplicationBuilder builder) where T : class, IHostedService
    {
        if (IsDaemon(builder.Configuration)) builder.Services.AddHostedService<T>();
    }

    public static void AddWorker<T>(this WebApplicationBuilder builder, Func<IServiceProvider, T> make) where T : class, IHostedService
    {
        if (IsDaemon(builder.Configuration)) builder.Services.AddHostedService(make);
    }

    /// <summary>What every process begins with, the gateway's, too.</summary>
    public static WebApplicationBuilder Begin(string service, string[] args)
    {
        if (args is ["health"]) Environment.Exit(IsReady() ? 0 : 1);
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args is ["messages", ..] ? [] : args, ContentRootPath = AppContext.BaseDirectory });
        if (args is ["migrate" or "reapply", ..]) builder.Configuration[args[0]] = "true";
        if (args is ["messages", .. var rest]) builder.Configuration["messages"] = string.Join(' ', rest);
        if (args is ["migrate", "--allow-destructive"]) builder.Configuration["allow-destructive"] = "true";
        return builder.AddDefaults(service);
    }

    public static WebApplicationBuilder Create(string service, string[] args) => Begin(service, args).AddTokenValidation();

    /// <summary>Asks the process that has the same settings. An image holds no other program that could.</summary>
    static bool IsReady()
    {
        var address = Environment.GetEnvironmentVariable("ASPNETCORE_URLS") ?? "http://127.0.0.1:5000";
        // Whatever name the certificate is for, this is no way out of the container.
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null } }) { Timeout = TimeSpan.FromSeconds(4) };
        try
        {
            using var answer = http.Send(new(HttpMethod.Get, new Uri(new Uri(address.Split(';')[0].Replace("+", "127.0.0.1", StringComparison.Ordinal)), "/health/ready")));
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException) { return false; }
    }

    /// <param name="reapply">What this service does again after a restore.</param>
    public static async Task RunOrMigrate(this WebApplication app, params Func<IServiceProvider, CancellationToken, Task>[] reapply)
    {
        if (app.Configuration["messages"] is { } line) { Environment.ExitCode = await app.Services.GetRequiredService<Messages>().Run(line.Split(' '), Console.Out); return; }
        if (app.Configuration.GetValue("reapply", false))
        {
            await Reapplication.Run(app.Services, reapply, CancellationToken.None);
            return;
        }
        if (!IsMigrating(app.Configuration))
        {
            if (app.Services.GetService<Hold>() is { } hold) await hold.Wait(app);
            await app.RunAsync();
            return;
        }
        if (app.Services.GetService<IDocumentStore>() is { } store) await Migration.Run(store, app.Configuration, app.OwnLogger());
        if (app.Services.GetService<IBusControl>() is { } bus)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            await bus.DeployAsync(patience.Token);
        }
    }
}

/// <summary>Ready means: the database answers, and the relay is not stuck.</summary>
sealed class StoreHealth(IDocumentStore store, RelayProgress relays) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (relays.Blocked > TimeSpan.FromSeconds(30)) return HealthCheckResult.Unhealthy("The relay is stuck.");
        try
        {
            await using var session = store.QuerySession();
            await session.QueryAsync<int>("select 1", cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception e) when (e is NpgsqlException or Marten.Exceptions.MartenException or TimeoutException)
        {
            return HealthCheckResult.Unhealthy("The database does not answer.");
        }
    }
}
