using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Vigil.Hosting;
using Vigil.Identity.Database;

namespace Vigil.Identity.Accounts;

/// <summary>Signs somebody out of every browser: theirs was lost or taken. They may sign in again at once.</summary>
public static class SignOutAccount
{
    public static void Map(RouteGroupBuilder accounts) => accounts.MapDelete("/{id:guid}/sessions", async (
        Guid id, Caller caller, UserManager<Account> store, IdentityDatabase db, ILogger<Account> log, CancellationToken ct) =>
    {
        if (await store.FindByIdAsync(id.ToString()) is not { } account) return Refusals.Problem("account.unknown");
        if (!(await store.UpdateSecurityStampAsync(account)).Succeeded) return Refusals.Problem("command.contended");
        var subject = id.ToString();
        await db.Sessions.Where(s => s.Subject == subject).ExecuteDeleteAsync(ct);
        log.LogInformation("Account {Account} was signed out by {Caller}", id, caller.Id);
        return Results.Ok(AccountSummary.Of(account));
    });
}
