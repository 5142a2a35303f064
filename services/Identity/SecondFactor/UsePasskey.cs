namespace Vigil.Identity.SecondFactor;

/// <summary>The second step by a passkey.</summary>
public static class UsePasskey
{
    /// <summary>That a key was used; whether hardware holds it, nobody knows without attestation (RFC 8176).</summary>
    public const string Method = "pop";

    const string Mismatch = "That passkey was not taken: it belongs to another account or address, the page had been open too long, or there were too many tries. Try again, or use a code.";

    public static void Map(RouteGroupBuilder pages) => pages.MapPost("/second-factor/passkey", (HttpContext http, HalfWay halfWay, Passkeys passkeys) =>
        halfWay.Enter(http, (begun, form) => passkeys.Verify(http, begun.Account, begun.Id, form), Method, Mismatch));
}
