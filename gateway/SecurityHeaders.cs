namespace Vigil.Gateway;

/// <summary>What browsers may do with anything that comes from here. An origin may narrow the content policy of a page of its own.</summary>
static class SecurityHeaders
{
    const string PublicPolicy = "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    const string NewsroomPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";
    const string Features = "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), fullscreen=(), geolocation=(), gyroscope=(), hid=(), magnetometer=(), microphone=(), midi=(), payment=(), publickey-credentials-get=(self), screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=(), browsing-topics=()";

    public static void UseSecurityHeaders(this WebApplication app) => app.Use((http, next) =>
    {
        http.Response.OnStarting(Set, http);
        return next(http);
    });

    static Task Set(object state)
    {
        var http = (HttpContext)state;
        var headers = http.Response.Headers;
        var newsroom = Areas.IsNewsroom(http);

        headers.Remove("Server");
        headers.Remove("X-Powered-By");
        headers.Remove("blazor-enhanced-nav");
        headers.XContentTypeOptions = "nosniff";
        // In the newsroom a form without referrer would come without its origin, too.
        headers["Referrer-Policy"] = newsroom ? "same-origin" : "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = Features;
        if (headers.ContentSecurityPolicy.Count == 0) headers.ContentSecurityPolicy = newsroom ? NewsroomPolicy : PublicPolicy;
        if (http.Request.IsHttps)
        {
            headers.StrictTransportSecurity = "max-age=63072000; includeSubDomains; preload";
            headers.ContentSecurityPolicy = $"{headers.ContentSecurityPolicy}; upgrade-insecure-requests";
        }
        if (newsroom)
        {
            headers["Cross-Origin-Embedder-Policy"] = "require-corp";
            if (headers.CacheControl.Count == 0 || http.Response.ContentType?.StartsWith("text/html", StringComparison.OrdinalIgnoreCase) == true) headers.CacheControl = "no-store";
        }
        return Task.CompletedTask;
    }
}
