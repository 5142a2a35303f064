using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using Vigil.Identity.Accounts;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Vigil.Identity.Tokens;

/// <summary>Gives a token for a code, to a person who is still allowed in, or for a machine's own secret.</summary>
public static class Exchange
{
    public static void Map(WebApplication app) => app.MapPost("/connect/token", async (
        HttpContext http, UserManager<Account> accounts, IOpenIddictApplicationManager clients, Settings settings, CancellationToken ct) =>
    {
        var request = http.GetOpenIddictServerRequest()!;
        if (request.IsClientCredentialsGrantType())
        {
            var client = await clients.FindByClientIdAsync(request.ClientId!, ct);
            return Grant.To(request.ClientId!, Clients.RolesOf(await clients.GetPropertiesAsync(client!, ct)), request.GetScopes(), settings.Audience);
        }

        var granted = (await http.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme)).Principal!;
        if (await accounts.FindByIdAsync(granted.GetClaim(Claims.Subject)!) is not { Disabled: false } account)
            return Grant.Refuse(Errors.InvalidGrant, "The account may not sign in.");
        var signedIn = DateTimeOffset.FromUnixTimeSeconds(long.Parse(granted.GetClaim(Claims.AuthenticationTime)!, System.Globalization.CultureInfo.InvariantCulture));
        return Grant.To(account.Id.ToString(), account.Roles, granted.GetScopes(), settings.Audience, account.UserName, signedIn);
    }).AllowAnonymous();
}
