using Microsoft.AspNetCore.Identity;
using Vigil.Hosting;

namespace Vigil.Identity.Accounts;

/// <summary>Ends the sessions and lets nobody in again. Tokens already given work until they end, which is minutes.</summary>
public static class DisableAccount
{
    public static void Map(RouteGroupBuilder accounts) => accounts.MapDelete("/{id:guid}/access", async (
        Guid id, Caller caller, UserManager<Account> store, ILogger<Account> log) =>
    {
        if (id == caller.Id) return Refusals.Problem("account.own");
        if (await store.FindByIdAsync(id.ToString()) is not { } account) return Refusals.Problem("account.unknown");

        if (!account.Disabled)
        {
            account.Disabled = true;
            if (!(await store.UpdateSecurityStampAsync(account)).Succeeded) return Refusals.Problem("command.contended");
            log.LogInformation("Account {Account} was disabled by {Caller}", id, caller.Id);
        }
        return Results.Ok(AccountSummary.Of(account));
    }).RequireFresh();
}
