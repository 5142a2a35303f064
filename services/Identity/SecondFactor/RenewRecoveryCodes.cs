using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Identity;
using Vigil.Identity.Accounts;
using Vigil.Identity.Pages;
using Vigil.Identity.SignIn;

namespace Vigil.Identity.SecondFactor;

/// <summary>New codes on paper; those from before stop working.</summary>
public static class RenewRecoveryCodes
{
    public static void Map(RouteGroupBuilder pages) => pages.MapPost("/security/recovery-codes", async (HttpContext http, UserManager<Account> accounts, TimeProvider clock, IAntiforgery forgery, ILogger<Session> log) =>
    {
        if (await ShowSecurity.Sent(http, accounts, clock, forgery) is not var (session, _) || !session.Account.HasSecondFactor) return ShowSecurity.Again(null);
        (var shown, session.Account.RecoveryCodes) = RecoveryCodes.Make(session.Account);
        if (!await ShowSecurity.Change(http, session, accounts, session.Methods)) return ShowSecurity.Again(null);
        log.LogInformation("Account {Account} has new recovery codes", session.Account.Id);
        return Page(shown, EnterPassword.Local(null));
    });

    public static IResult Page(IReadOnlyList<string> codes, string back) => Show.Page<RecoveryCodesPage>(StatusCodes.Status200OK, new() { ["Codes"] = codes, ["ReturnUrl"] = back });
}
