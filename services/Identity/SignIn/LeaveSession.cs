using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Vigil.Identity.Pages;

namespace Vigil.Identity.SignIn;

/// <summary>Ends the session of this browser and has it forget what it kept of this host.</summary>
public static class LeaveSession
{
    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapGet("/sign-out", (HttpContext http, IAntiforgery forgery) =>
            Show.Page<LeaveSessionPage>(StatusCodes.Status200OK, new() { ["Forgery"] = forgery.GetAndStoreTokens(http) }));
        pages.MapPost("/sign-out", async (HttpContext http, IAntiforgery forgery) =>
        {
            if (!await forgery.IsRequestValidAsync(http)) return Results.LocalRedirect("/identity/sign-out");
            await http.SignOutAsync(Session.Scheme);
            http.Response.Headers["Clear-Site-Data"] = "\"cache\", \"cookies\", \"storage\"";
            return Show.Page<NoticePage>(StatusCodes.Status200OK, new() { ["Title"] = "You are signed out", ["Text"] = "It is safe to leave this device.", ["Next"] = "/identity/sign-in" });
        });
    }
}
