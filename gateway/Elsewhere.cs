using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace Vigil.Gateway;

/// <summary>
/// A connection that was refused has carried nothing, so the request goes to the next instance, a command too; an only address is tried once more,
/// since a name may stand for several instances. Until the probes have taken a dead instance out it would get most of the work: it is never busy.
/// </summary>
static class Elsewhere
{
    public static async Task Turn(HttpContext http, Func<Task> next)
    {
        var proxied = http.GetReverseProxyFeature();
        var left = proxied.AvailableDestinations;
        for (var tries = Math.Max(left.Count, 2); ; tries--)
        {
            await next();
            if (tries == 1 || http.Response.HasStarted || !Refused(http)) return;
            if (left.Count > 1) left = [.. left.Where(d => d != proxied.ProxiedDestination)];
            http.Features.Set<IForwarderErrorFeature>(null);
            http.Response.StatusCode = StatusCodes.Status200OK;
            proxied.AvailableDestinations = left;
        }
    }

    // What has no body the client sends again by itself when a kept connection ends, so of two connections the first may have carried it.
    static bool Refused(HttpContext http) =>
        http.GetForwarderErrorFeature()?.Exception is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError }
        && (CrossOrigin.IsSafe(http.Request.Method) || http.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true);
}
