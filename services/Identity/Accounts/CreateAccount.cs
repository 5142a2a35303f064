using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Vigil.Hosting;

namespace Vigil.Identity.Accounts;

/// <summary>Makes an account without a password; the link in the answer lets its person choose one, once.</summary>
public static class CreateAccount
{
    public sealed record Request(string UserName, string[] Roles);

    public static void Map(RouteGroupBuilder accounts) => accounts.MapPost("/", async (
        Request request, Caller caller, UserManager<Account> store, Settings settings, TimeProvider clock, ILogger<Account> log) =>
    {
        Fault[] faults = [.. Account.FaultsOfName(request.UserName), .. Account.FaultsOfRoles(request.Roles)];
        if (faults.Length > 0) return Refusals.Problem(faults);

        var account = Account.New(request.UserName, request.Roles, clock.GetUtcNow());
        if (!await TryCreate(store, account)) return Refusals.Problem("account.name-taken", "userName");

        log.LogInformation("Account {Account} was created by {Caller}", account.Id, caller.Id);
        return Results.Created($"/identity/accounts/{account.Id}", new { account = AccountSummary.Of(account), invitation = await Invitation.For(account, store, settings, clock) });
    }).RequireFresh();

    static async Task<bool> TryCreate(UserManager<Account> store, Account account)
    {
        try { return (await store.CreateAsync(account)).Succeeded; }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation }) { return false; }
    }
}
