using Vigil.Hosting;

namespace Vigil.Gateway;

/// <summary>
/// No other site changes anything in the newsroom with somebody's cookie. Browsers say where a request comes from; what is not a
/// browser says neither, and has no cookie that could be abused.
/// </summary>
static class CrossOrigin
{
    public static Task Guard(HttpContext http, Func<Task> next) => Allows(http) ? next() : Refusals.Problem("request.cross-origin").ExecuteAsync(http);

    public static bool Allows(HttpContext http) => IsSafe(http.Request.Method) || !Areas.IsNewsroom(http) || IsOwn(http.Request);

    /// <summary>
    /// What a session authorises needs more: the browser itself says that one of our pages sent it, by both of the headers that no page
    /// can set, and a program of the page marks it with one that no form can set. Null: it does.
    /// </summary>
    public static string? Fault(HttpRequest request, bool isProgram) =>
        request.Headers["Sec-Fetch-Site"] != "same-origin" || request.Headers.Origin != $"{request.Scheme}://{request.Host}" ? "request.cross-origin"
        : isProgram && request.Headers["X-CSRF"] != "1" ? "request.unmarked" : null;

    public static bool IsSafe(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);

    static bool IsOwn(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"];
        if (site.Count > 0) return site == "same-origin" || site == "none";
        var origin = request.Headers.Origin;
        return origin.Count == 0 || Uri.TryCreate(origin, UriKind.Absolute, out var from) && from.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase);
    }
}
