using Vigil.Hosting;

namespace Vigil.Publishing.ContentApi;

public static class QueryParameters
{
    /// <summary>Refuses every other query parameter, and one that comes twice, so that a misspelt filter never looks like an answer.</summary>
    public static RouteHandlerBuilder Takes(this RouteHandlerBuilder route, params string[] names) => route.AddEndpointFilter(async (context, next) =>
        context.HttpContext.Request.Query.FirstOrDefault(q => !names.Contains(q.Key) || q.Value.Count != 1).Key is { } refused
            ? Refusals.Problem("request.bad-query", refused)
            : await next(context));
}
