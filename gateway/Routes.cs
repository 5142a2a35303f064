using Vigil.Gateway.Darkness;
using Vigil.Gateway.Session;
using Vigil.Hosting;
using Yarp.ReverseProxy.Transforms;

namespace Vigil.Gateway;

/// <summary>Which addresses there are and who answers them is data in appsettings.json; what holds for all of them is here.</summary>
static class Routes
{
    public static void AddRoutes(this WebApplicationBuilder builder)
    {
        var accepted = builder.Configuration.GetSection("Gateway:RequestHeaders").Get<string[]>() ?? [];
        builder.Services.AddRequestTimeouts();
        builder.Services.AddReverseProxy()
            .LoadFromConfig(builder.Configuration.GetSection("ReverseProxy"))
            .AddConfigFilter<Areas>()
            .ConfigureHttpClient((_, handler) =>
            {
                handler.ConnectTimeout = TimeSpan.FromSeconds(2);
                handler.PooledConnectionLifetime = TimeSpan.FromMinutes(2);
            })
            // An edition is found by its host; X-Forwarded-* is set anew; no other header passes unless it is listed.
            .AddTransforms(t => t.AddOriginalHost().AddRequestHeadersAllowed(accepted).AddXForwarded(ForwardedTransformActions.Set)
                .AddResponseTransform(t.Services.GetRequiredService<HoldBack>().Check))
            .AddTransforms(Guard.Transform);
    }

    public static void MapRoutes(this WebApplication app)
    {
        var dark = app.Services.GetRequiredService<HoldBack>();
        var attempts = app.Services.GetRequiredService<Attempts>();
        app.MapReverseProxy(proxy =>
        {
            proxy.Use(dark.Guard);
            proxy.Use(CrossOrigin.Guard);
            proxy.Use(Guard.Check);
            proxy.Use(attempts.Guard);
            proxy.Use(Faults.Explain(app.OwnLogger()));
            proxy.Use(Elsewhere.Turn);
            proxy.UseLoadBalancing();
        }).AllowAnonymous();
        app.MapFallback("{**path}", (HttpContext http) => PlainPage.Or(http, "request.not-found")).AllowAnonymous().RequireRateLimiting(RateLimits.Public);
    }
}
