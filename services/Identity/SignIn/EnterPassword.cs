using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Vigil.Identity.Accounts;
using Vigil.Identity.Database;
using Vigil.Identity.Pages;
using Vigil.Identity.SecondFactor;

namespace Vigil.Identity.SignIn;

/// <summary>Name and password. Unknown, wrong, locked and disabled get one answer, and at one time.</summary>
public static class EnterPassword
{
    const string Home = "/newsroom";
    const string Mismatch = "That name and password do not match, or there were too many tries. Check both, wait a few minutes, or ask an administrator.";
    const string Expired = "The page had been open too long. Please sign in again.";

    /// <summary>When a failure is answered: later than the slowest of its kinds takes.</summary>
    static readonly TimeSpan Answer = TimeSpan.FromMilliseconds(600);

    static string? decoy;

    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapGet("/sign-in", (HttpContext http, string? returnUrl, IAntiforgery forgery) => Ask(http, forgery, returnUrl, "", null));
        pages.MapPost("/sign-in", async (HttpContext http, UserManager<Account> accounts, IdentityDatabase db, Settings settings,
            IAntiforgery forgery, TimeProvider clock, ILogger<Session> log, CancellationToken ct) =>
        {
            if (!http.Request.HasFormContentType || !await forgery.IsRequestValidAsync(http))
                return Ask(http, forgery, null, "", Expired);
            var form = await http.Request.ReadFormAsync(ct);
            string? back = form["returnUrl"];
            var (name, password) = (form["userName"].ToString().Trim().ToLowerInvariant(), form["password"].ToString());

            var answer = Task.Delay(Answer, clock, ct);
            var account = Account.FaultsOfName(name).Any() ? null : await accounts.FindByNameAsync(name);
            if (account is null || !await Verify(http, account, password, accounts, db, settings, clock.GetUtcNow()))
            {
                if (account is null) Pretend(password, accounts);
                log.LogWarning("A sign-in failed (account {Account})", account?.Id);
                await answer;
                return Ask(http, forgery, back, form["userName"].ToString(), Mismatch);
            }
            if (account.HasSecondFactor) return await HalfWay.Begin(http, account, Local(back));
            await Session.Begin(http, account, "pwd");
            log.LogInformation("Account {Account} signed in", account.Id);
            return Results.LocalRedirect(settings.IsSecondFactorRequired ? ShowSecurity.Address(back) : Local(back));
        });
    }

    static async Task<bool> Verify(HttpContext http, Account account, string password, UserManager<Account> accounts, IdentityDatabase db, Settings settings, DateTimeOffset now)
    {
        var counted = await Tries.Begin(http, account, db, settings, now);
        if (account.PasswordHash is not { } hash || password.Length > AcceptInvitation.LongestPassword) { Pretend(password, accounts); return false; }
        if (accounts.PasswordHasher.VerifyHashedPassword(account, hash, password) is PasswordVerificationResult.Failed || !counted || account.Disabled) return false;
        // Who knows the password may still be guessing codes.
        if (!account.HasSecondFactor) await Tries.Forget(http, account, db);
        return true;
    }

    /// <summary>Costs what looking at a real password costs.</summary>
    static void Pretend(string password, UserManager<Account> accounts)
    {
        var nobody = new Account();
        decoy ??= accounts.PasswordHasher.HashPassword(nobody, Guid.NewGuid().ToString());
        accounts.PasswordHasher.VerifyHashedPassword(nobody, decoy, password[..Math.Min(password.Length, AcceptInvitation.LongestPassword)]);
    }

    static IResult Ask(HttpContext http, IAntiforgery forgery, string? returnUrl, string userName, string? fault) =>
        Show.Page<SignInPage>(fault is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity, new()
        {
            ["Forgery"] = forgery.GetAndStoreTokens(http), ["ReturnUrl"] = Local(returnUrl), ["UserName"] = userName, ["Fault"] = fault,
        });

    /// <summary>An address of this host, or the newsroom's first page.</summary>
    public static string Local(string? url) => url is not null && RedirectHttpResult.IsLocalUrl(url) && url[0] == '/' ? url : Home;
}
