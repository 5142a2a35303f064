using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Timeouts;
using Vigil.Hosting;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace Vigil.Gateway;

/// <summary>What goes wrong between here and an origin, told as a problem document or a page; what an origin says itself is left alone.</summary>
static class Faults
{
    const string TryAgain = "3";

    public static void UseFaults(this WebApplication app) => app.UseExceptionHandler(new ExceptionHandlerOptions
    {
        ExceptionHandler = http =>
        {
            if (http.Features.Get<IExceptionHandlerFeature>()?.Error is Session.AwayException)
            {
                http.Response.Headers.RetryAfter = TryAgain;
                return PlainPage.Or(http, "server.unavailable").ExecuteAsync(http);
            }
            app.OwnLogger().LogError("{Fault} in the gateway", http.Features.Get<IExceptionHandlerFeature>()?.Error.GetType().Name);
            return PlainPage.Or(http, "server.fault").ExecuteAsync(http);
        },
    });

    public static Func<HttpContext, Func<Task>, Task> Explain(ILogger log) => async (http, next) =>
    {
        await next();
        var late = http.Features.Get<IHttpRequestTimeoutFeature>()?.RequestTimeoutToken.IsCancellationRequested == true;
        if (http.Response.HasStarted || http.RequestAborted.IsCancellationRequested && !late) return;
        var failed = late || http.GetForwarderErrorFeature() is not null || http.Features.Get<IReverseProxyFeature>()?.ProxiedDestination is null;
        if (!failed) return;

        // The time-out ended the request for the origin; the client is still there.
        if (late) http.RequestAborted = CancellationToken.None;
        var status = late ? StatusCodes.Status504GatewayTimeout : http.Response.StatusCode;
        http.Response.Clear();
        if (status >= 500)
        {
            http.Response.Headers.RetryAfter = TryAgain;
            // The forwarder's own records, which hold addresses, are not kept.
            var fault = late ? ForwarderError.RequestTimedOut : http.GetForwarderErrorFeature()?.Error ?? ForwarderError.NoAvailableDestinations;
            log.LogWarning("{Cluster} gave no answer: {Fault}", http.GetReverseProxyFeature().Cluster.Config.ClusterId, fault);
        }
        await PlainPage.Or(http, status >= 500 ? "server.unavailable" : status == 413 ? "request.too-large" : "request.malformed").ExecuteAsync(http);
    };
}
