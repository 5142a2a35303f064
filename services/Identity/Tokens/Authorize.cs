using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Identity;
using OpenIddict.Abstractions;
using Vigil.Identity.Accounts;
using Vigil.Identity.Pages;
using Vigil.Identity.SecondFactor;
using Vigil.Identity.SignIn;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Vigil.Identity.Tokens;

/// <summary>A client asks for somebody's authorization. Our clients are our own, so being signed in is enough.</summary>
public static class Authorize
{
    public static void Map(WebApplication app) => app.MapMethods("/connect/authorize", [HttpMethods.Get, HttpMethods.Post], async (
        HttpContext http, UserManager<Account> accounts, Settings settings, TimeProvider clock) =>
    {
        if (http.GetOpenIddictServerResponse()?.Error is not null)
            return Show.Page<NoticePage>(StatusCodes.Status400BadRequest, new() { ["Title"] = "This sign-in cannot go on", ["Text"] = "The application that sent you here asked for something it may not have. Go back and begin again there." });

        var request = http.GetOpenIddictServerRequest()!;
        var session = await Session.Read(http, accounts);
        var fresh = session is not null && !request.HasPromptValue(PromptValues.Login)
            && (request.MaxAge is not { } age || clock.GetUtcNow() - session.Began <= TimeSpan.FromSeconds(age));
        if (fresh && settings.IsSecondFactorRequired && !session!.Methods.Contains("mfa") && !request.HasPromptValue(PromptValues.None))
            return Results.LocalRedirect(ShowSecurity.Address(http.Request.Path + http.Request.QueryString));
        if (fresh && (!settings.IsSecondFactorRequired || session!.Methods.Contains("mfa"))) return Grant.To(session!, request.GetScopes(), settings.Audience);

        if (request.HasPromptValue(PromptValues.None)) return Grant.Refuse(Errors.LoginRequired, "Nobody is signed in.");
        // On the way back the wish for a fresh sign-in has been met; kept, it would be asked again for ever.
        var again = QueryString.Create(request.GetParameters().Where(p => p.Key is not (Parameters.Prompt or Parameters.MaxAge)).Select(p => KeyValuePair.Create(p.Key, (string?)p.Value)));
        return Results.LocalRedirect($"/identity/sign-in{QueryString.Create("returnUrl", $"/connect/authorize{again}")}");
    }).AllowAnonymous();
}
