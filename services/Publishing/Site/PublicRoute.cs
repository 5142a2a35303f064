namespace Vigil.Publishing.Site;

public static class PublicRoute
{
    /// <summary>A route that anybody may read, without an account.</summary>
    public static RouteHandlerBuilder MapPublic(this IEndpointRouteBuilder routes, string pattern, Delegate get) =>
        routes.MapMethods(pattern, [HttpMethods.Get, HttpMethods.Head], get).AllowAnonymous();
}
