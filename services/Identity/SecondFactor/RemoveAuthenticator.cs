using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Identity;
using Vigil.Hosting;
using Vigil.Identity.Accounts;
using Vigil.Identity.SignIn;

namespace Vigil.Identity.SecondFactor;

/// <summary>Back to the password alone: by the person where the newsroom leaves it to them, or by an administrator for somebody who lost everything.</summary>
public static class RemoveAuthenticator
{
    public static void Map(RouteGroupBuilder pages) => pages.MapPost("/security/authenticator/removal", async (
        HttpContext http, UserManager<Account> accounts, Settings settings, TimeProvider clock, IAntiforgery forgery, ILogger<Session> log) =>
    {
        if (settings.IsSecondFactorRequired || await ShowSecurity.Sent(http, accounts, clock, forgery) is not var (session, _)) return ShowSecurity.Again(null);
        Remove(session.Account);
        if (!await ShowSecurity.Change(http, session, accounts, "pwd")) return ShowSecurity.Again(null);
        log.LogInformation("Account {Account} has no authenticator any more", session.Account.Id);
        return Results.LocalRedirect(ShowSecurity.Address(null));
    });

    public static void MapForAdministrators(RouteGroupBuilder accounts) => accounts.MapDelete("/{id:guid}/second-factor", async (
        Guid id, Caller caller, UserManager<Account> store, ILogger<Account> log) =>
    {
        // An administrator's own goes by the page, which asks for it first.
        if (id == caller.Id) return Refusals.Problem("account.own");
        if (await store.FindByIdAsync(id.ToString()) is not { } account) return Refusals.Problem("account.unknown");
        Remove(account);
        if (!(await store.UpdateSecurityStampAsync(account)).Succeeded) return Refusals.Problem("command.contended");
        log.LogInformation("The authenticator of account {Account} was removed by {Caller}", id, caller.Id);
        return Results.Ok(AccountSummary.Of(account));
    }).RequireFresh();

    static void Remove(Account account) => (account.Authenticator, account.AuthenticatorStep, account.RecoveryCodes) = (null, 0, []);
}
