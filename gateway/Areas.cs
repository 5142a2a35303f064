using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Model;

namespace Vigil.Gateway;

/// <summary>
/// Every route says in its metadata which area it belongs to, and gets that area's limits unless it names others. The newsroom's answer
/// on the newsroom's hosts only; a route that does not say stops the start, so that none is open by oversight.
/// </summary>
sealed class Areas(IConfiguration configuration) : IProxyConfigFilter
{
    public const string Public = "public";
    public const string Newsroom = "newsroom";
    const string Name = "Area";

    const long PublicBody = 8 * 1024;
    const long NewsroomBody = 1_000_000;
    static readonly TimeSpan Answer = TimeSpan.FromSeconds(10);
    static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);
    static readonly TimeSpan Probe = TimeSpan.FromSeconds(2);

    readonly string[] hosts = configuration.NewsroomHosts();

    public ValueTask<RouteConfig> ConfigureRouteAsync(RouteConfig route, ClusterConfig? cluster, CancellationToken cancel) => route.Metadata?.GetValueOrDefault(Name) switch
    {
        Public => new(Limit(route, RateLimits.Public, PublicBody)),
        Newsroom => new(Limit(route, RateLimits.Newsroom, NewsroomBody) with { Match = route.Match with { Hosts = hosts } }),
        _ => throw new InvalidOperationException($"The route {route.RouteId} must name its area: {Public} or {Newsroom}."),
    };

    /// <summary>Origins are asked whether they are ready; a client that goes away says nothing about them, so traffic does not count.</summary>
    public ValueTask<ClusterConfig> ConfigureClusterAsync(ClusterConfig cluster, CancellationToken cancel)
    {
        foreach (var (name, destination) in cluster.Destinations ?? throw new InvalidOperationException($"The cluster {cluster.ClusterId} needs a destination."))
            if (!Uri.TryCreate(destination.Address, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
                throw new InvalidOperationException($"The address of {cluster.ClusterId}:{name} must be an absolute http or https address.");
        return new(cluster with
        {
            HttpRequest = cluster.HttpRequest ?? new() { ActivityTimeout = Silence, Version = new(1, 1), VersionPolicy = HttpVersionPolicy.RequestVersionExact },
            HealthCheck = (cluster.HealthCheck ?? new()) with
            {
                Active = cluster.HealthCheck?.Active ?? new() { Enabled = true, Interval = Probe, Timeout = Probe, Policy = "ConsecutiveFailures", Path = "/health/ready" },
            },
        });
    }

    public static bool IsNewsroom(HttpContext http) => http.GetEndpoint()?.Metadata is { } metadata
        && (metadata.GetMetadata<RouteModel>()?.Config.Metadata?.GetValueOrDefault(Name) == Newsroom || metadata.GetMetadata<InNewsroom>() is not null);

    static RouteConfig Limit(RouteConfig route, string limit, long body) => route with
    {
        RateLimiterPolicy = route.RateLimiterPolicy ?? limit,
        Timeout = route.Timeout ?? Answer,
        MaxRequestBodySize = route.MaxRequestBodySize ?? body,
    };
}

/// <summary>Marks what the gateway itself answers in the newsroom.</summary>
sealed class InNewsroom;

static class Hosts
{
    public static string[] NewsroomHosts(this IConfiguration configuration) => configuration.GetSection("Gateway:NewsroomHosts").Get<string[]>() is { Length: > 0 } named
        ? named : throw new InvalidOperationException("Gateway:NewsroomHosts must name at least one host.");
}
