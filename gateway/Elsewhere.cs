using Yarp.ReverseProxy.Forwarder;

namespace Vigil.Gateway;

/// <summary>
/// A connection that was refused has carried nothing, so the request goes to the next instance, a command too. Until the probes have taken a dead
/// instance out it would get most of the work: it is never busy.
/// </summary>
static class Elsewhere
{
    public static async Task Turn(HttpContext http, Func<Task> next)
    {
        var proxied = http.GetReverseProxyFeature();
        var left = proxied.AvailableDestinations;
        while (true)
        {
            await next();
            if (http.Response.HasStarted || http.GetForwarderErrorFeature()?.Exception is not HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError }) return;
            left = [.. left.Where(d => d != proxied.ProxiedDestination)];
            if (left.Count == 0) return;
            http.Features.Set<IForwarderErrorFeature>(null);
            http.Response.StatusCode = StatusCodes.Status200OK;
            proxied.AvailableDestinations = left;
        }
    }
}
