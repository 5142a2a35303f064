using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using Vigil.Hosting;
using Vigil.Identity.Database;

namespace Vigil.Identity.Tokens;

public static class Tokens
{
    public static void AddTokens(this WebApplicationBuilder builder, Settings settings)
    {
        // Its records of requests quote what was sent.
        builder.Logging.AddFilter("OpenIddict", LogLevel.Warning);
        builder.Services.AddSingleton<KeyHolder>();
        builder.AddWorker<PruneTokens>();
        builder.Services.AddOpenIddict()
            .AddCore(o => o.UseEntityFrameworkCore().UseDbContext<IdentityDatabase>().ReplaceDefaultEntities<Guid>())
            .AddServer(o =>
            {
                o.SetIssuer(settings.Issuer);
                // The first address of each is the one that discovery names; the second answers whatever name we are reached by.
                o.SetAuthorizationEndpointUris(new Uri(settings.Issuer, "connect/authorize").AbsoluteUri, "connect/authorize");
                o.SetTokenEndpointUris(new Uri(settings.Issuer, "connect/token").AbsoluteUri, "connect/token");
                o.SetEndSessionEndpointUris(new Uri(settings.Issuer, "connect/end-session").AbsoluteUri, "connect/end-session");
                o.SetRevocationEndpointUris(new Uri(settings.Issuer, "connect/revocation").AbsoluteUri, "connect/revocation");
                // Relative, so that a service that reads our metadata from inside reads our keys from inside, too.
                o.SetJsonWebKeySetEndpointUris(".well-known/jwks");
                o.AllowAuthorizationCodeFlow().AllowRefreshTokenFlow().AllowClientCredentialsFlow().RequireProofKeyForCodeExchange();
                // Used a second time, a refresh token ends all that came of its sign-in. None outlives the session.
                o.SetRefreshTokenReuseLeeway(TimeSpan.Zero).SetRefreshTokenLifetime(settings.SessionLongest).DisableSlidingRefreshTokenExpiration();
                o.Configure(options =>
                {
                    options.CodeChallengeMethods.Clear();
                    options.CodeChallengeMethods.Add(OpenIddictConstants.CodeChallengeMethods.Sha256);
                    options.ResponseModes.Remove(OpenIddictConstants.ResponseModes.Fragment);
                });
                o.RegisterScopes(OpenIddictConstants.Scopes.Profile, OpenIddictConstants.Scopes.OfflineAccess);
                o.SetAccessTokenLifetime(settings.TokenLifetime);
                o.SetAuthorizationCodeLifetime(TimeSpan.FromMinutes(1));
                o.DisableAccessTokenEncryption();
                o.UseAspNetCore().EnableAuthorizationEndpointPassthrough().EnableTokenEndpointPassthrough().EnableEndSessionEndpointPassthrough().EnableErrorPassthrough()
                    // Settings refuse an issuer without TLS; between gateway and service there is none.
                    .DisableTransportSecurityRequirement();
            });
        builder.Services.AddOptions<OpenIddictServerOptions>().Configure<KeyHolder>((o, holder) =>
        {
            o.SigningCredentials.AddRange(holder.Keys.Signing.Select(key => new SigningCredentials(key, SecurityAlgorithms.RsaSha256)));
            o.EncryptionCredentials.AddRange(holder.Keys.Encryption.Select(key => new EncryptingCredentials(key, SecurityAlgorithms.Aes256KW, SecurityAlgorithms.Aes256CbcHmacSha512)));
        });
        // This service knows its own keys; the others read them from its metadata.
        builder.Services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme).Configure<KeyHolder>((o, holder) =>
        {
            o.Configuration = new OpenIdConnectConfiguration { Issuer = settings.Issuer.AbsoluteUri };
            foreach (var key in holder.Keys.Signing) o.Configuration.SigningKeys.Add(key);
        });
    }

    public static async Task LoadKeys(this WebApplication app) =>
        app.Services.GetRequiredService<KeyHolder>().Held = await Keys.Read(app.Services);

    public static void MapTokens(this WebApplication app)
    {
        Authorize.Map(app);
        Exchange.Map(app);
        EndSession.Map(app);
    }
}
