using Microsoft.AspNetCore.Http.Features;
using Vigil.Hosting;

namespace Vigil.Identity;

/// <summary>What holds for every request before anything looks at it.</summary>
public static class Requests
{
    const long LargestForm = 8 * 1024;

    public static void UseRequests(this WebApplication app)
    {
        var issuer = app.Services.GetRequiredService<Settings>().Issuer;
        app.Use(async (http, next) =>
        {
            // TLS ends at the gateway, which keeps the Host: what comes to the issuer's host came by the issuer's scheme.
            if (string.Equals(http.Request.Host.Value, issuer.Authority, StringComparison.OrdinalIgnoreCase)) http.Request.Scheme = issuer.Scheme;
            if (await Fault(http.Request) is { } code) await Refusals.Problem(code).ExecuteAsync(http);
            else await next(http);
        });
    }

    /// <summary>No form of ours is large, is broken, or has NUL in it, which the database does not take.</summary>
    static async Task<string?> Fault(HttpRequest request)
    {
        if (request.Query.Any(p => Broken(p.Key) || p.Value.Any(Broken))) return "request.malformed";
        if (!request.HasFormContentType) return null;
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = LargestForm;
        try
        {
            var form = await request.ReadFormAsync(request.HttpContext.RequestAborted);
            return form.Any(p => Broken(p.Key) || p.Value.Any(Broken)) ? "request.malformed" : null;
        }
        catch (BadHttpRequestException e) { return e.StatusCode == StatusCodes.Status413PayloadTooLarge ? "request.too-large" : "request.malformed"; }
        catch (Exception e) when (e is IOException or InvalidDataException) { return "request.malformed"; }
    }

    static bool Broken(string? text) => text?.Contains('\0', StringComparison.Ordinal) == true;
}
