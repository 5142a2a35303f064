using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using Vigil.Identity.Accounts;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Vigil.Identity.Tokens;

/// <summary>Gives a token for a code or a refresh token, to a person who is still allowed in as then, or for a machine's own secret.</summary>
public static class Exchange
{
    public static void Map(WebApplication app) => app.MapPost("/connect/token", async (
        HttpContext http, UserManager<Account> accounts, IOpenIddictApplicationManager clients, Settings settings, CancellationToken ct) =>
    {
        var request = http.GetOpenIddictServerRequest()!;
        if (request.IsClientCredentialsGrantType())
        {
            var client = await clients.FindByClientIdAsync(request.ClientId!, ct);
            return Grant.ToMachine(request.ClientId!, Clients.RolesOf(await clients.GetPropertiesAsync(client!, ct)), request.GetScopes(), settings.Audience);
        }

        var granted = (await http.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme)).Principal!;
        return Grant.Again(granted, await accounts.FindByIdAsync(granted.GetClaim(Claims.Subject)!)) is { } session
            ? Grant.To(session, granted.GetScopes(), settings.Audience) : Grant.Refuse(Errors.InvalidGrant, "The account may not sign in, or has changed since.");
    }).AllowAnonymous();
}
