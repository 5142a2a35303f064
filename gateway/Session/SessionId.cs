using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Vigil.Hosting;

namespace Vigil.Gateway.Session;

/// <summary>What a browser has of its session: 256 random bits, which open what is kept under their hash.</summary>
sealed class SessionId
{
    /// <summary>Browsers take this name over TLS only, or on the machine itself, for this host alone and for all its paths.</summary>
    public const string Cookie = "__Host-session";

    const int Size = 32;
    readonly IDataProtector _seal;

    SessionId(byte[] id) => (Text, Hash, _seal) = (Base64Url.EncodeToString(id), Convert.ToHexStringLower(SHA256.HashData(id)), new Seal(id).CreateProtector("vigil.gateway.session.v1"));

    public string Text { get; }
    public string Hash { get; }

    public static SessionId New() => new(RandomNumberGenerator.GetBytes(Size));

    /// <summary>Null: the browser has none, or something that is none.</summary>
    public static SessionId? Of(HttpRequest request)
    {
        var id = new byte[Size];
        return request.Cookies[Cookie] is { } text && Base64Url.IsValid(text, out var size) && size == Size && Base64Url.TryDecodeFromChars(text, id, out _) ? new(id) : null;
    }

    /// <summary>Strict: no other site's link or form comes with it. Not kept by the browser beyond its own end.</summary>
    static readonly CookieBuilder Built = new() { Name = Cookie, HttpOnly = true, SecurePolicy = CookieSecurePolicy.Always, SameSite = SameSiteMode.Strict, Path = "/" };

    public void Give(HttpContext http) => http.Response.Cookies.Append(Cookie, Text, Built.Build(http));

    public static void Take(HttpContext http) => http.Response.Cookies.Delete(Cookie, Built.Build(http));

    public byte[] Close(Tokens tokens) => _seal.Protect(JsonSerializer.SerializeToUtf8Bytes(tokens, Json.Stored));

    public Tokens Open(byte[] content) => JsonSerializer.Deserialize<Tokens>(_seal.Unprotect(content), Json.Stored)!;
}
