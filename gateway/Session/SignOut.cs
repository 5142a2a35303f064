using Vigil.Hosting;

namespace Vigil.Gateway.Session;

/// <summary>Ends the session of this browser, or all of this person's everywhere, and then the provider's own.</summary>
static class SignOut
{
    public const string Done = $"{Session.Path}/signed-out";

    public static void Map(RouteGroupBuilder session)
    {
        session.MapGet("/sign-out", (HttpContext http) => Page.SignOut(http));
        session.MapPost("/sign-out", (HttpContext http, Sessions sessions, Provider provider) => End(http, sessions, provider, everywhere: false));
        session.MapPost("/sign-out-everywhere", (HttpContext http, Sessions sessions, Provider provider) => End(http, sessions, provider, everywhere: true));
        session.MapGet("/signed-out", (HttpContext http) => Page.Show(http, StatusCodes.Status200OK, "You are signed out", "It is safe to leave this device.", ("Sign in", Session.Pages)));
    }

    static async Task<IResult> End(HttpContext http, Sessions sessions, Provider provider, bool everywhere)
    {
        if (CrossOrigin.Fault(http.Request, isProgram: false) is { } code) return Refusals.Problem(code);
        Tokens? tokens = null;
        if (SessionId.Of(http.Request) is { } id)
        {
            tokens = (await sessions.Find(id, http.RequestAborted))?.Tokens;
            await sessions.End(id, everywhere, http.RequestAborted);
        }
        if (tokens is not null) await provider.Revoke(tokens, http.RequestAborted);
        SessionId.Take(http);
        http.Response.Headers["Clear-Site-Data"] = "\"cache\", \"cookies\", \"storage\"";
        http.Response.Headers.Location = await provider.EndSession(http.Request, tokens, http.RequestAborted) ?? Done;
        return Results.StatusCode(StatusCodes.Status303SeeOther);
    }
}
