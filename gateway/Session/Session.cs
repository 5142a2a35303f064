using Vigil.Hosting;

namespace Vigil.Gateway.Session;

/// <summary>
/// Signing in to the newsroom's pages. The gateway is the backend for frontend of the IETF's browser-based apps: the browser has a cookie
/// that says nothing, the tokens stay here.
/// </summary>
static class Session
{
    public const string Pages = "/newsroom";
    public const string Path = $"{Pages}/session";

    public static void AddSession(this WebApplicationBuilder builder)
    {
        var settings = Settings.From(builder.Configuration);
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton<Store>();
        builder.Services.AddSingleton<Provider>();
        builder.Services.AddSingleton<Sessions>();
        SignIn.Add(builder, settings);
    }

    public static void MapSession(this WebApplication app)
    {
        var session = app.MapGroup(Path).RequireHost(app.Configuration.NewsroomHosts()).WithMetadata(new InNewsroom()).AllowAnonymous().RequireRateLimiting(RateLimits.Newsroom);
        SignIn.Map(session);
        SignOut.Map(session);
        session.MapGet("", async (HttpContext http, Sessions sessions) =>
            SessionId.Of(http.Request) is { } id && await sessions.Find(id, http.RequestAborted) is { } held
                ? Results.Ok(new { name = held.Tokens.Name, roles = held.Tokens.Roles, until = held.Until }) : Refusals.Problem("auth.required"));
    }
}
