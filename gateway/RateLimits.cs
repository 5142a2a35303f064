using System.Threading.RateLimiting;
using Vigil.Hosting;

namespace Vigil.Gateway;

/// <summary>How many requests one client may send, per class of route. The figures are configuration: Gateway:Limits.</summary>
static class RateLimits
{
    public const string Public = "public";
    public const string Newsroom = "newsroom";

    static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(100);

    public static void AddRateLimits(this WebApplicationBuilder builder)
    {
        var limits = builder.Configuration.GetSection("Gateway:Limits");
        builder.Services.AddRateLimiter(o =>
        {
            foreach (var name in new[] { Public, Newsroom })
            {
                var bucket = Bucket(limits.GetSection(name));
                o.AddPolicy(name, http => RateLimitPartition.GetTokenBucketLimiter(Client.Of(http), _ => bucket));
            }
            o.OnRejected = (rejected, _) => new(Refuse(rejected.HttpContext, rejected.Lease, Beat));
        });
        var signIn = limits.GetSection("signIn");
        builder.Services.AddSingleton(new Attempts(Figure(signIn, "Attempts"), signIn.GetValue("Window", TimeSpan.FromMinutes(15))));
    }

    public static void UseLimits(this WebApplication app)
    {
        app.UseRequestTimeouts();
        app.UseRateLimiter();
    }

    public static Task Refuse(HttpContext http, RateLimitLease lease, TimeSpan otherwise)
    {
        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var given) ? given : otherwise;
        http.Response.Headers.RetryAfter = $"{Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds))}";
        return Refusals.Problem("request.too-many").ExecuteAsync(http);
    }

    static TokenBucketRateLimiterOptions Bucket(IConfigurationSection limit)
    {
        var perSecond = Figure(limit, "PerSecond");
        return new()
        {
            TokenLimit = Figure(limit, "Burst"),
            TokensPerPeriod = Math.Max(1, (int)(perSecond * Beat.TotalSeconds)),
            ReplenishmentPeriod = perSecond * Beat.TotalSeconds >= 1 ? Beat : TimeSpan.FromSeconds(1.0 / perSecond),
        };
    }

    static int Figure(IConfigurationSection limit, string name) => limit.GetValue(name, 0) is > 0 and var figure
        ? figure : throw new InvalidOperationException($"{limit.Path}:{name} must be a number above zero.");
}
