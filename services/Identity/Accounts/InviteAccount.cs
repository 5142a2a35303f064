using Microsoft.AspNetCore.Identity;
using Vigil.Hosting;

namespace Vigil.Identity.Accounts;

/// <summary>Gives a new link to somebody whose first one ran out, or who forgot the password. Earlier links stop working.</summary>
public static class InviteAccount
{
    public static void Map(RouteGroupBuilder accounts) => accounts.MapPost("/{id:guid}/invitation", async (
        Guid id, Caller caller, UserManager<Account> store, Settings settings, TimeProvider clock, ILogger<Account> log) =>
    {
        if (await store.FindByIdAsync(id.ToString()) is not { Disabled: false } account) return Refusals.Problem("account.unknown");
        if (!(await store.UpdateSecurityStampAsync(account)).Succeeded) return Refusals.Problem("command.contended");
        log.LogInformation("Account {Account} was invited by {Caller}", account.Id, caller.Id);
        return Results.Ok(await Invitation.For(account, store, settings, clock));
    }).RequireFresh();
}
