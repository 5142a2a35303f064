using System.Globalization;
using System.Security.Claims;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Vigil.Identity.Tokens;

/// <summary>What a token says of its subject. Roles stand in access tokens only, the name in identity tokens only.</summary>
public static class Grant
{
    const string Provider = OpenIddictServerAspNetCoreDefaults.AuthenticationScheme;

    public static IResult To(string subject, IEnumerable<string> roles, IEnumerable<string> scopes, string audience, string? name = null, DateTimeOffset? signedIn = null)
    {
        var identity = new ClaimsIdentity(Provider, Claims.Name, Claims.Role);
        identity.SetClaim(Claims.Subject, subject).SetClaims(Claims.Role, [.. roles]);
        if (signedIn is { } at) identity.AddClaim(new(Claims.AuthenticationTime, at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), ClaimValueTypes.Integer64));
        if (name is not null) identity.SetClaim(Claims.PreferredUsername, name);
        identity.SetScopes(scopes).SetResources(audience);
        identity.SetDestinations(claim => claim.Type switch
        {
            Claims.PreferredUsername when identity.HasScope(Scopes.Profile) => [Destinations.IdentityToken],
            Claims.PreferredUsername => [],
            Claims.AuthenticationTime => [Destinations.AccessToken, Destinations.IdentityToken],
            _ => [Destinations.AccessToken],
        });
        return Results.SignIn(new(identity), authenticationScheme: Provider);
    }

    public static IResult Refuse(string error, string description) => Results.Forbid(new(new Dictionary<string, string?>
    {
        [OpenIddictServerAspNetCoreConstants.Properties.Error] = error,
        [OpenIddictServerAspNetCoreConstants.Properties.ErrorDescription] = description,
    }), [Provider]);
}
