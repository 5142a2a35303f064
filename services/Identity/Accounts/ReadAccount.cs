using Microsoft.AspNetCore.Identity;
using Vigil.Hosting;

namespace Vigil.Identity.Accounts;

public static class ReadAccount
{
    public static void Map(RouteGroupBuilder accounts) => accounts.MapGet("/{id:guid}", async (Guid id, UserManager<Account> store) =>
        await store.FindByIdAsync(id.ToString()) is { } account ? Results.Ok(AccountSummary.Of(account)) : Refusals.Problem("account.unknown"));
}
