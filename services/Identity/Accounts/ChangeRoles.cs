using Microsoft.AspNetCore.Identity;
using Vigil.Hosting;

namespace Vigil.Identity.Accounts;

/// <summary>Replaces the roles and ends the sessions. Tokens already given carry the old roles until they end.</summary>
public static class ChangeRoles
{
    public sealed record Request(string[] Roles);

    public static void Map(RouteGroupBuilder accounts) => accounts.MapPut("/{id:guid}/roles", async (
        Guid id, Request request, Caller caller, UserManager<Account> store, ILogger<Account> log) =>
    {
        Fault[] faults = [.. Account.FaultsOfRoles(request.Roles)];
        if (faults.Length > 0) return Refusals.Problem(faults);
        // Nobody can leave the newsroom without an administrator by mistake.
        if (id == caller.Id) return Refusals.Problem("account.own");
        if (await store.FindByIdAsync(id.ToString()) is not { } account) return Refusals.Problem("account.unknown");

        if (!account.Roles.ToHashSet().SetEquals(request.Roles))
        {
            account.Roles = [.. request.Roles];
            if (!(await store.UpdateSecurityStampAsync(account)).Succeeded) return Refusals.Problem("command.contended");
            log.LogInformation("The roles of account {Account} were changed by {Caller}", id, caller.Id);
        }
        return Results.Ok(AccountSummary.Of(account));
    }).RequireFresh();
}
