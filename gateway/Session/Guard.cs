using Microsoft.Net.Http.Headers;
using Vigil.Hosting;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Vigil.Gateway.Session;

/// <summary>
/// Turns a browser's session into an access token for the origin. A route says with the metadata <c>Session</c> whether it leads to pages
/// or to an API; a client that brings a token of its own needs no session, and has no cookie that could be abused.
/// </summary>
static class Guard
{
    const string ToPages = "page", ToApi = "api";

    public static async Task Check(HttpContext http, Func<Task> next)
    {
        var (request, leads) = (http.Request, http.GetReverseProxyFeature().Route.Config.Metadata?.GetValueOrDefault("Session"));
        if (leads is null || request.Headers.Authorization.Count > 0) { await next(); return; }

        var isSafe = CrossOrigin.IsSafe(request.Method);
        if (SessionId.Of(request) is not { } id || await http.RequestServices.GetRequiredService<Sessions>().Find(id, http.RequestAborted) is not { } held)
        {
            if (leads is ToPages && IsNavigation(request)) await Ask(http, isSafe);
            else await Refusals.Problem("auth.required").ExecuteAsync(http);
        }
        else if (!isSafe && CrossOrigin.Fault(request, leads is ToApi) is { } code) await Refusals.Problem(code).ExecuteAsync(http);
        else
        {
            http.Features.Set(held);
            await next();
        }
    }

    static bool IsNavigation(HttpRequest request) => request.Headers["Sec-Fetch-Mode"] is [] or ["navigate"];

    static string Here(HttpRequest request) => request.Path.ToUriComponent() + request.QueryString.ToUriComponent();

    static Task Ask(HttpContext http, bool isSafe)
    {
        // A link on another site comes without our cookie; seen once more from here, it is known whether there is a session.
        var isFromElsewhere = http.Request.Headers["Sec-Fetch-Site"] is ["cross-site"] or ["same-site"] && !http.Request.Cookies.ContainsKey(SessionId.Cookie);
        if (isSafe && isFromElsewhere) return Page.GoOn(http, Here(http.Request));
        // Only what came is taken back: another site's form comes without the cookie, and must not end the session behind it.
        if (http.Request.Cookies.ContainsKey(SessionId.Cookie)) SessionId.Take(http);
        if (!isSafe) return Page.Ended(http);
        http.Response.Redirect(SignIn.Address(Here(http.Request)));
        return Task.CompletedTask;
    }

    /// <summary>Our cookies reach no origin. The token does, where the session counts.</summary>
    public static void Transform(TransformBuilderContext context)
    {
        context.AddRequestTransform(c =>
        {
            if (c.HttpContext.Features.Get<Held>() is { } held) c.ProxyRequest.Headers.Authorization = new("Bearer", held.Tokens.Access);
            if (c.HttpContext.Request.Headers.Cookie is { Count: > 0 } cookies && CookieHeaderValue.TryParseList(cookies, out var all))
            {
                c.ProxyRequest.Headers.Remove(HeaderNames.Cookie);
                var theirs = string.Join("; ", all.Where(cookie => cookie.Name.Value is { } name && name != SessionId.Cookie && !name.StartsWith(SignIn.Cookies, StringComparison.Ordinal)));
                if (theirs.Length > 0) c.ProxyRequest.Headers.TryAddWithoutValidation(HeaderNames.Cookie, theirs);
            }
            return default;
        });
        context.AddResponseTransform(c =>
        {
            // A page that asks for a newer sign-in (RFC 9470) gets it, and the person comes back to where they were. Programs read the refusal themselves.
            if (c.HttpContext.Features.Get<Held>() is null || context.Route.Metadata?.GetValueOrDefault("Session") is not ToPages || !IsNavigation(c.HttpContext.Request)
                || c.ProxyResponse?.Headers.WwwAuthenticate.FirstOrDefault(h => h.Parameter?.Contains("insufficient_user_authentication", StringComparison.Ordinal) == true) is not { } challenge) return default;
            var (request, response) = (c.HttpContext.Request, c.HttpContext.Response);
            var back = CrossOrigin.IsSafe(request.Method) ? Here(request)
                : Uri.TryCreate(request.Headers.Referer, UriKind.Absolute, out var from) && from.Authority == request.Host.Value ? from.PathAndQuery : Session.Pages;
            c.SuppressResponseBody = true;
            response.Headers.Clear();
            response.StatusCode = StatusCodes.Status303SeeOther;
            response.Headers.Location = SignIn.Address(SignIn.Local(back), MaxAge(challenge.Parameter!));
            return default;
        });
    }

    static string MaxAge(string challenge) =>
        challenge.Split(',', StringSplitOptions.TrimEntries).Select(p => p.Split('=', 2)).FirstOrDefault(p => p is ["max_age", _])?[1].Trim('"') ?? "0";
}
