using System.Net.Http.Headers;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Vigil.Hosting;

/// <summary>
/// How the parts of one installation know each other, also while the identity service is away: by tokens of a minute (RFC 7519, HS256)
/// under a secret that all of them have: Inner:Secret, or a file with it, Inner:SecretFile; 32 bytes or more in base64. They open the addresses under <see cref="Path"/>, which the
/// gateway leads nobody to, and nothing else.
/// </summary>
public sealed class Inner(SymmetricSecurityKey key, TimeProvider clock)
{
    public const string Path = "/inner/v1";
    public const string Scheme = nameof(Inner);
    /// <summary>The policy of the addresses under <see cref="Path"/>.</summary>
    public const string Policy = nameof(Inner);

    const string Name = "vigil-inner";
    const string Type = "inner+jwt";
    static readonly TimeSpan Valid = TimeSpan.FromMinutes(1);
    // It keeps nothing, and takes the times that it is given.
    static readonly JsonWebTokenHandler Handler = new() { SetDefaultTimesOnTokenCreation = false };

    /// <param name="subject">On whose behalf: an account's id, or the name of a part.</param>
    public string TokenFor(string subject)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return Handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Name,
            Audience = Name,
            TokenType = Type,
            IssuedAt = now,
            Expires = now + Valid,
            Claims = new Dictionary<string, object> { ["sub"] = subject },
            SigningCredentials = new(key, SecurityAlgorithms.HmacSha256),
        });
    }

    /// <summary>A request to an address under <see cref="Path"/> of another part.</summary>
    public HttpRequestMessage Request(HttpMethod method, Uri part, string path, string subject) => new(method, new Uri(part, Path + path))
    {
        Headers = { Authorization = new AuthenticationHeaderValue("Bearer", TokenFor(subject)) },
    };

    internal static SymmetricSecurityKey KeyOf(IConfiguration configuration)
    {
        Span<byte> secret = stackalloc byte[256];
        var text = configuration["Inner:SecretFile"] is { Length: > 0 } file ? File.ReadAllText(file) : configuration["Inner:Secret"];
        return Convert.TryFromBase64String(text?.Trim() ?? "", secret, out var length) && length >= 32
            ? new(secret[..length].ToArray())
            : throw new InvalidOperationException("Set Inner:Secret, or Inner:SecretFile, to 32 random bytes or more in base64, the same for every part: openssl rand -base64 32");
    }

    internal static TokenValidationParameters Validation(SymmetricSecurityKey key) => new()
    {
        IssuerSigningKey = key,
        ValidIssuer = Name,
        ValidAudience = Name,
        ValidTypes = [Type],
        ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
        ClockSkew = TimeSpan.FromSeconds(30),
        AuthenticationType = Scheme,
        NameClaimType = "sub",
    };
}

public static class InnerParts
{
    /// <summary>What a part needs to ask others, and to be asked by them.</summary>
    public static WebApplicationBuilder AddInner(this WebApplicationBuilder builder)
    {
        var key = Inner.KeyOf(builder.Configuration);
        builder.Services.AddSingleton(s => new Inner(key, s.GetRequiredService<TimeProvider>()));
        builder.Services.AddHttpClient(Inner.Scheme, http => http.Timeout = TimeSpan.FromSeconds(2))
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(1) });
        builder.Services.AddAuthentication().AddJwtBearer(Inner.Scheme, o =>
        {
            o.MapInboundClaims = false;
            o.TokenValidationParameters = Inner.Validation(key);
            o.Events = Defaults.Refusing();
        });
        builder.Services.AddAuthorization(o => o.AddPolicy(Inner.Policy, new AuthorizationPolicyBuilder(Inner.Scheme).RequireAuthenticatedUser().Build()));
        return builder;
    }
}
