using System.Globalization;
using System.Security.Claims;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using Vigil.Identity.SignIn;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Vigil.Identity.Tokens;

/// <summary>
/// What a token says of its subject. Roles stand in access tokens only, the name in identity tokens only. Codes and refresh tokens, which
/// only we can read, have all of it.
/// </summary>
public static class Grant
{
    const string Provider = OpenIddictServerAspNetCoreDefaults.AuthenticationScheme;

    /// <summary>The account's mark when this was granted: what was granted before a new password, new roles or disabling ends with them.</summary>
    public const string Mark = "mark";
    public const string SessionId = "sid";

    public static IResult To(Session session, IEnumerable<string> scopes, string audience)
    {
        var identity = new ClaimsIdentity(Provider, Claims.Name, Claims.Role);
        identity.SetClaims(Claims.Role, [.. session.Account.Roles]).SetClaims(Claims.AuthenticationMethodReference, [.. session.Methods]);
        identity.SetClaim(Claims.PreferredUsername, session.Account.UserName).SetClaim(SessionId, session.Id).SetClaim(Mark, Session.Mark(session.Account));
        identity.AddClaim(new(Claims.AuthenticationTime, session.Began.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), ClaimValueTypes.Integer64));
        return To(session.Account.Id.ToString(), identity, scopes, audience);
    }

    public static IResult ToMachine(string id, IEnumerable<string> roles, IEnumerable<string> scopes, string audience) =>
        To(id, new ClaimsIdentity(Provider, Claims.Name, Claims.Role).SetClaims(Claims.Role, [.. roles]), scopes, audience);

    static IResult To(string subject, ClaimsIdentity identity, IEnumerable<string> scopes, string audience)
    {
        identity.SetClaim(Claims.Subject, subject).SetScopes(scopes).SetResources(audience);
        identity.SetDestinations(claim => claim.Type switch
        {
            Claims.PreferredUsername when identity.HasScope(Scopes.Profile) => [Destinations.IdentityToken],
            Claims.PreferredUsername => [],
            SessionId or Mark => [Destinations.IdentityToken],
            Claims.AuthenticationTime or Claims.AuthenticationMethodReference => [Destinations.AccessToken, Destinations.IdentityToken],
            _ => [Destinations.AccessToken],
        });
        return Results.SignIn(new(identity), authenticationScheme: Provider);
    }

    /// <summary>The session that a code or refresh token was granted for, if its account is still as it was then.</summary>
    public static Session? Again(ClaimsPrincipal granted, Accounts.Account? account) =>
        account is { Disabled: false } && granted.GetClaim(Mark) == Session.Mark(account)
            ? new(account, DateTimeOffset.FromUnixTimeSeconds(long.Parse(granted.GetClaim(Claims.AuthenticationTime)!, CultureInfo.InvariantCulture)), granted.GetClaim(SessionId)!,
                [.. granted.GetClaims(Claims.AuthenticationMethodReference)]) : null;

    public static IResult Refuse(string error, string description) => Results.Forbid(new(new Dictionary<string, string?>
    {
        [OpenIddictServerAspNetCoreConstants.Properties.Error] = error,
        [OpenIddictServerAspNetCoreConstants.Properties.ErrorDescription] = description,
    }), [Provider]);
}
