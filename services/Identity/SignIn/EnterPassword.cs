using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Vigil.Identity.Accounts;
using Vigil.Identity.Database;
using Vigil.Identity.Pages;

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
            if (account is null || !await Verify(account, password, accounts, db, settings, clock.GetUtcNow(), ct))
            {
                if (account is null) Pretend(password, accounts);
                log.LogWarning("A sign-in failed (account {Account})", account?.Id);
                await answer;
                return Ask(http, forgery, back, form["userName"].ToString(), Mismatch);
            }
            await Session.Begin(http, account, "pwd");
            log.LogInformation("Account {Account} signed in", account.Id);
            return Results.LocalRedirect(Local(back));
        });
    }

    /// <summary>
    /// Each try is counted before its password is looked at, in one statement, so that many tries at once get no more guesses than
    /// as many in a row.
    /// </summary>
    static async Task<bool> Verify(Account account, string password, UserManager<Account> accounts, IdentityDatabase db, Settings settings, DateTimeOffset now, CancellationToken ct)
    {
        var last = settings.LockoutAttempts - 1;
        DateTimeOffset? until = now + settings.LockoutPause;
        var counted = await db.Users.Where(a => a.Id == account.Id && !a.Disabled && (a.LockoutEnd == null || a.LockoutEnd <= now)).ExecuteUpdateAsync(s => s
            .SetProperty(a => a.LockoutEnd, a => a.AccessFailedCount >= last ? until : null)
            .SetProperty(a => a.AccessFailedCount, a => a.AccessFailedCount >= last ? 0 : a.AccessFailedCount + 1), ct) == 1;

        if (account.PasswordHash is not { } hash || password.Length > AcceptInvitation.LongestPassword) { Pretend(password, accounts); return false; }
        if (accounts.PasswordHasher.VerifyHashedPassword(account, hash, password) is PasswordVerificationResult.Failed || !counted) return false;

        await db.Users.Where(a => a.Id == account.Id).ExecuteUpdateAsync(s => s
            .SetProperty(a => a.LockoutEnd, (DateTimeOffset?)null).SetProperty(a => a.AccessFailedCount, 0), ct);
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

    static string Local(string? url) => url is not null && RedirectHttpResult.IsLocalUrl(url) && url[0] == '/' ? url : Home;
}
