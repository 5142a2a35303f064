using System.Security.Cryptography;
using Vigil.Identity.Pages;

namespace Vigil.Identity.SecondFactor;

/// <summary>The one script of these pages, since only a script can ask a browser for a passkey. Pages that have a use for it name it, and no others may.</summary>
public static class PasskeyScript
{
    public const string Address = "/identity/security/passkeys.js";

    static readonly string Text = Show.Read("passkeys.js");

    public static string Integrity { get; } = $"sha256-{Convert.ToBase64String(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Text)))}";

    public static void Map(RouteGroupBuilder pages) => pages.MapGet("/security/passkeys.js", (HttpContext http) =>
    {
        // Asked again each time: an older copy would not have the sum that the page names.
        http.Response.Headers.CacheControl = "no-cache";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        return Results.Text(Text, "text/javascript", System.Text.Encoding.UTF8);
    });
}
