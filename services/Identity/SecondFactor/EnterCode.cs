using Vigil.Identity.Database;

namespace Vigil.Identity.SecondFactor;

/// <summary>The second step by a code, of the authenticator or from paper.</summary>
public static class EnterCode
{
    const string Mismatch = "That code is not right, was used already, or there were too many tries. Wait for the next code, or use one of your recovery codes.";

    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapGet("/second-factor", (HttpContext http, string? returnUrl, HalfWay halfWay) => halfWay.Open(http, returnUrl));
        pages.MapPost("/second-factor", (HttpContext http, HalfWay halfWay, IdentityDatabase db, Authenticator authenticator, TimeProvider clock, CancellationToken ct) => halfWay.Enter(http, (begun, form) =>
        {
            var code = form["code"].ToString();
            return code.Any(char.IsAsciiLetter) ? RecoveryCodes.Use(begun.Account, code, db, ct) : authenticator.Verify(begun.Account, code, db, clock.GetUtcNow(), ct);
        }, "otp", Mismatch));
    }
}
