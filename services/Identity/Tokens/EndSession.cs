using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using OpenIddict.Server.AspNetCore;
using Vigil.Identity.Accounts;
using Vigil.Identity.Pages;
using Vigil.Identity.SignIn;

namespace Vigil.Identity.Tokens;

/// <summary>
/// A client has ended its session and asks that ours ends, too (OpenID Connect RP-Initiated Logout). Who names our session in
/// <c>logout_hint</c> speaks for the person; without it the person is asked, because any page can send a browser here.
/// </summary>
public static class EndSession
{
    public static void Map(WebApplication app) => app.MapGet("/connect/end-session", async (HttpContext http, UserManager<Account> accounts, IAntiforgery forgery) =>
    {
        if (http.GetOpenIddictServerResponse()?.Error is not null)
            return Show.Page<NoticePage>(StatusCodes.Status400BadRequest, new() { ["Title"] = "This sign-out cannot go on", ["Text"] = "The application that sent you here asked for something it may not have. Close the window to be safe." });

        if (await Session.Read(http, accounts) is { } session && session.Id != (string?)http.GetOpenIddictServerRequest()!.GetParameter("logout_hint"))
            return Show.Page<LeaveSessionPage>(StatusCodes.Status200OK, new() { ["Forgery"] = forgery.GetAndStoreTokens(http) });
        await http.SignOutAsync(Session.Scheme);
        return Results.SignOut(authenticationSchemes: [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);
    }).AllowAnonymous();
}
