using System.Security.Claims;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Vigil.Identity.Accounts;
using Vigil.Identity.Database;
using Vigil.Identity.Pages;
using Vigil.Identity.SignIn;

namespace Vigil.Identity.SecondFactor;

/// <summary>The second step of a sign-in, within five minutes of the first, in the same browser.</summary>
public static class EnterCode
{
    public const string Scheme = "half-way";
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);
    const string Path = "/identity/second-factor";
    const string Mismatch = "That code is not right, was used already, or there were too many tries. Wait for the next code, or use one of your recovery codes.";

    /// <summary>The password was right; nobody is signed in yet.</summary>
    public static async Task<IResult> Begin(HttpContext http, Account account, string back)
    {
        await http.SignInAsync(Scheme, new(new ClaimsIdentity([new("sub", account.Id.ToString()), new("stamp", account.SecurityStamp!)], Scheme)));
        return Results.LocalRedirect($"{Path}{QueryString.Create("returnUrl", back)}");
    }

    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapGet("/second-factor", async (HttpContext http, string? returnUrl, UserManager<Account> accounts, IAntiforgery forgery) =>
            await Read(http, accounts) is null ? Again(returnUrl) : Ask(http, forgery, returnUrl, null));
        pages.MapPost("/second-factor", async (HttpContext http, UserManager<Account> accounts, IdentityDatabase db, Settings settings, Authenticator authenticator,
            IAntiforgery forgery, TimeProvider clock, ILogger<Session> log, CancellationToken ct) =>
        {
            if (!http.Request.HasFormContentType) return Again(null);
            var form = await http.Request.ReadFormAsync(ct);
            var (back, code, now) = ((string?)form["returnUrl"], form["code"].ToString(), clock.GetUtcNow());
            if (await Read(http, accounts) is not { } account || !await forgery.IsRequestValidAsync(http)) return Again(back);

            var isPaper = code.Any(char.IsAsciiLetter);
            if (!await Tries.Begin(http, account, db, settings, now)
                || !(isPaper ? await RecoveryCodes.Use(account, code, db, ct) : await authenticator.Verify(account, code, db, now, ct)))
            {
                log.LogWarning("A second factor failed (account {Account})", account.Id);
                return Ask(http, forgery, back, Mismatch);
            }
            await Tries.Forget(http, account, db);
            await http.SignOutAsync(Scheme);
            await Session.Begin(http, account, "pwd", "otp", "mfa");
            log.LogInformation("Account {Account} signed in with a second factor", account.Id);
            return Results.LocalRedirect(EnterPassword.Local(back));
        });
    }

    static async Task<Account?> Read(HttpContext http, UserManager<Account> accounts) =>
        await http.AuthenticateAsync(Scheme) is { Succeeded: true, Principal: var person }
        && await accounts.FindByIdAsync(person.FindFirstValue("sub")!) is { Disabled: false } account && account.SecurityStamp == person.FindFirstValue("stamp") ? account : null;

    static IResult Again(string? back) => Results.LocalRedirect($"/identity/sign-in{QueryString.Create("returnUrl", EnterPassword.Local(back))}");

    static IResult Ask(HttpContext http, IAntiforgery forgery, string? returnUrl, string? fault) =>
        Show.Page<EnterCodePage>(fault is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity, new()
        {
            ["Forgery"] = forgery.GetAndStoreTokens(http), ["ReturnUrl"] = EnterPassword.Local(returnUrl), ["Fault"] = fault,
        });
}
