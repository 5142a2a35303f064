using Microsoft.AspNetCore.Identity;
using Vigil.Hosting;
using Vigil.Identity.Accounts;

namespace Vigil.Identity.SecondFactor;

/// <summary>Everything beside the password goes, by an administrator, for somebody who lost it.</summary>
public static class RemoveSecondFactor
{
    public static void Map(RouteGroupBuilder accounts) => accounts.MapDelete("/{id:guid}/second-factor", async (
        Guid id, Caller caller, UserManager<Account> store, ILogger<Account> log) =>
    {
        // An administrator's own goes by the page, which asks for it first.
        if (id == caller.Id) return Refusals.Problem("account.own");
        if (await store.FindByIdAsync(id.ToString()) is not { } account) return Refusals.Problem("account.unknown");
        (account.Authenticator, account.AuthenticatorStep, account.RecoveryCodes) = (null, 0, []);
        account.Passkeys.Clear();
        if (!(await store.UpdateSecurityStampAsync(account)).Succeeded) return Refusals.Problem("command.contended");
        log.LogInformation("The second factor of account {Account} was removed by {Caller}", id, caller.Id);
        return Results.Ok(AccountSummary.Of(account));
    }).RequireFresh();
}
