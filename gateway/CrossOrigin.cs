using Vigil.Hosting;

namespace Vigil.Gateway;

/// <summary>
/// No other site changes anything in the newsroom with somebody's cookie. Browsers say where a request comes from; what is not a
/// browser says neither, and has no cookie that could be abused.
/// </summary>
static class CrossOrigin
{
    public static Task Guard(HttpContext http, Func<Task> next) =>
        IsSafe(http.Request.Method) || !Areas.IsNewsroom(http) || IsOwn(http.Request) ? next() : Refusals.Problem("request.cross-origin").ExecuteAsync(http);

    static bool IsSafe(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);

    static bool IsOwn(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"];
        if (site.Count > 0) return site == "same-origin" || site == "none";
        var origin = request.Headers.Origin;
        return origin.Count == 0 || Uri.TryCreate(origin, UriKind.Absolute, out var from) && from.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase);
    }
}
