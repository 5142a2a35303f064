using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace Vigil.Gateway.Tests;

/// <summary>The real provider and two gateways, where people sign in with a browser; all other services are one that keeps what reaches it.</summary>
public sealed class SignInDoor : IAsyncDisposable
{
    public const string Cookie = "__Host-session";
    public const string Articles = "/api/newsroom/v1/articles";

    public Door Door { get; }
    public Platform Platform => Door.Platform;
    Instance Second { get; }
    /// <summary>Whoever is not signed out by a test.</summary>
    public Visitor Writer { get; }

    public string Here => $"http://127.0.0.1:{Door.Gateway.Port}";

    SignInDoor(Door door, Instance second, Visitor writer) => (Door, Second, Writer) = (door, second, writer);

    public static async Task<SignInDoor> Open()
    {
        // Tokens end while the tests run, so all of it happens under renewal.
        var door = await Door.Open(Services.Gateway | Services.Identity, ("Identity__TokenLifetime", "00:00:08"), ("Gateway__Limits__signIn__Attempts", "1000"));
        door.Origin.Answers = async http =>
        {
            // As whoever wants a newer sign-in for what it does there.
            if (http.Request.Path.Value!.Contains("/erasures", StringComparison.Ordinal))
            {
                http.Response.StatusCode = 401;
                http.Response.Headers.WWWAuthenticate = "Bearer error=\"insufficient_user_authentication\", max_age=300";
            }
            else await http.Response.WriteAsync("from the origin");
        };
        try { return new(door, await door.Platform.Add(Services.Gateway), await door.Platform.Visit("writer")); }
        catch
        {
            await door.DisposeAsync();
            throw;
        }
    }

    /// <summary>For one class of tests: the one that all share.</summary>
    public sealed class Shared(Installed installed) : IAsyncLifetime
    {
        SignInDoor? _door;

        public SignInDoor Door => _door!;

        public async ValueTask InitializeAsync() => _door = await installed.SignInDoor;

        public ValueTask DisposeAsync() => default;
    }

    /// <summary>By which a session is found in the store, in hexadecimal digits.</summary>
    public static string KeyOf(Visitor visitor) => Convert.ToHexStringLower(SHA256.HashData(Base64Url.DecodeFromChars(visitor.Cookies[Cookie])));

    public static string Word() => $"w{Guid.NewGuid():n}";

    public Visitor Stranger() => new(Platform, Door.Gateway.Url);

    /// <summary>The same browser on the other gateway, which browsers take for the same place.</summary>
    public Visitor Elsewhere(Visitor visitor) => Elsewhere(visitor, Second);

    public Visitor Elsewhere(Visitor visitor, Instance gateway)
    {
        var other = new Visitor(Platform, gateway.Url);
        foreach (var (name, value) in visitor.Cookies) other.Cookies[name] = value;
        return other;
    }

    public ValueTask DisposeAsync() => Door.DisposeAsync();
}
