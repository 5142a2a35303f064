using Microsoft.AspNetCore.Identity;
using Vigil.Identity.Accounts;

namespace Vigil.Identity.SecondFactor;

/// <summary>
/// Something that a person has, beside the password: a program that shows codes (RFC 6238), or a key that signs (WebAuthn), and codes on
/// paper for the day it is lost.
/// Identity:SecondFactor says whether every account needs it.
/// </summary>
public static class SecondFactor
{
    public static void AddSecondFactor(this WebApplicationBuilder builder, Settings settings)
    {
        builder.Services.AddSingleton<Authenticator>();
        builder.Services.AddScoped<IPasskeyHandler<Account>, PasskeyHandler<Account>>();
        builder.Services.Configure<IdentityPasskeyOptions>(o => Passkeys.Configure(o, settings));
        builder.Services.AddScoped<Passkeys>();
        builder.Services.AddScoped<HalfWay>();
    }

    public static void Map(RouteGroupBuilder pages)
    {
        EnterCode.Map(pages);
        UsePasskey.Map(pages);
        ShowSecurity.Map(pages);
        AddAuthenticator.Map(pages);
        RemoveAuthenticator.Map(pages);
        AddPasskey.Map(pages);
        RemovePasskey.Map(pages);
        RenewRecoveryCodes.Map(pages);
        PasskeyScript.Map(pages);
    }
}
