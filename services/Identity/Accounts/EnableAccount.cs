using Microsoft.AspNetCore.Identity;
using Vigil.Hosting;

namespace Vigil.Identity.Accounts;

/// <summary>Lets somebody in again, with the password and the roles from before.</summary>
public static class EnableAccount
{
    public static void Map(RouteGroupBuilder accounts) => accounts.MapPut("/{id:guid}/access", async (
        Guid id, Caller caller, UserManager<Account> store, ILogger<Account> log) =>
    {
        if (await store.FindByIdAsync(id.ToString()) is not { } account) return Refusals.Problem("account.unknown");

        if (account.Disabled)
        {
            account.Disabled = false;
            if (!(await store.UpdateSecurityStampAsync(account)).Succeeded) return Refusals.Problem("command.contended");
            log.LogInformation("Account {Account} was enabled by {Caller}", id, caller.Id);
        }
        return Results.Ok(AccountSummary.Of(account));
    }).RequireFresh();
}
