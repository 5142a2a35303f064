using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Vigil.Kit;

/// <summary>What can be wrong with a token.</summary>
public enum Forgery { WrongKey, Expired, NotYetValid, WrongAudience, WrongIssuer, NoSignature, SignedWithPublicKey, WrongType, NoRole, NoSubject }

/// <summary>An OpenID Connect provider inside the test process: services trust it as they would any other, and it forges at will.</summary>
public sealed class Issuer : IAsyncDisposable
{
    // One pair for all: making them takes longer than starting the provider.
    static readonly RsaSecurityKey Key = new(RSA.Create(2048)) { KeyId = "tests" };
    static readonly RsaSecurityKey OtherKey = new(RSA.Create(2048)) { KeyId = "tests" };
    static readonly JsonWebTokenHandler Handler = new() { SetDefaultTimesOnTokenCreation = false };

    readonly WebApplication _app;

    /// <summary>With a closing slash.</summary>
    public string Url { get; }
    public string Metadata => $"{Url}.well-known/openid-configuration";

    Issuer(WebApplication app, string url) => (_app, Url) = (app, url);

    public static async Task<Issuer> Start()
    {
        var url = $"http://127.0.0.1:{Ports.Free()}/";
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(url);
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.MapGet("/.well-known/openid-configuration", () => Results.Json(new { issuer = url, jwks_uri = $"{url}jwks" }));
        var publicKey = Key.Rsa.ExportParameters(includePrivateParameters: false);
        app.MapGet("/jwks", () => Results.Json(new
        {
            keys = new[] { new { kty = "RSA", use = "sig", alg = "RS256", kid = Key.KeyId, n = Base64UrlEncoder.Encode(publicKey.Modulus), e = Base64UrlEncoder.Encode(publicKey.Exponent) } },
        }));
        await app.StartAsync();
        return new(app, url);
    }

    /// <param name="signedIn">How long ago; null: just now.</param>
    public string Token(Account account, TimeSpan? signedIn = null) => Make(account, null, signedIn);

    public string Forge(Account account, Forgery forgery) => Make(account, forgery);

    string Make(Account account, Forgery? forgery, TimeSpan? signedIn = null)
    {
        var now = DateTime.UtcNow;
        var claims = new Dictionary<string, object> { ["jti"] = Guid.NewGuid().ToString() };
        if (Guid.TryParse(account.Subject, out _)) claims["auth_time"] = new DateTimeOffset(now - (signedIn ?? default)).ToUnixTimeSeconds();
        if (forgery is not Forgery.NoSubject) claims["sub"] = account.Subject;
        if (forgery is not Forgery.NoRole) claims["role"] = account.Roles.ToArray();
        return Handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = forgery is Forgery.WrongIssuer ? "https://elsewhere.example/" : Url,
            Audience = forgery is Forgery.WrongAudience ? "another" : "vigil",
            IssuedAt = now.AddHours(-2),
            NotBefore = forgery is Forgery.NotYetValid ? now.AddMinutes(30) : now.AddHours(-2),
            Expires = forgery is Forgery.Expired ? now.AddMinutes(-30) : now.AddHours(2),
            TokenType = forgery is Forgery.WrongType ? "JWT" : "at+jwt",
            Claims = claims,
            SigningCredentials = forgery switch
            {
                Forgery.NoSignature => null,
                Forgery.WrongKey => new(OtherKey, SecurityAlgorithms.RsaSha256),
                // The oldest trick: the key that everybody may read, taken for a shared secret.
                Forgery.SignedWithPublicKey => new(new SymmetricSecurityKey(Key.Rsa.ExportSubjectPublicKeyInfo()) { KeyId = Key.KeyId }, SecurityAlgorithms.HmacSha256),
                _ => new(Key, SecurityAlgorithms.RsaSha256),
            },
        });
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
