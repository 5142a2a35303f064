using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Vigil.Identity.Accounts;

/// <summary>One account of each role and a second editor, all with the password of the demonstration; disabled where there is none.</summary>
public static class Demonstration
{
    static readonly string[] Names = ["writer", "editor", "editor2", "safety", "publisher", "duty", "admin"];

    public static async Task Ensure(IServiceProvider services)
    {
        var store = services.GetRequiredService<UserManager<Account>>();
        if (services.GetRequiredService<Settings>().DemonstrationPassword is { } password)
        {
            var at = services.GetRequiredService<TimeProvider>().GetUtcNow();
            foreach (var name in Names)
                if (await store.FindByNameAsync(name) is null) await store.CreateAsync(Account.New(name, [name.TrimEnd('2')], at, isDemonstration: true));
            foreach (var account in await store.Users.Where(a => a.IsDemonstration).ToListAsync())
            {
                if (!account.Disabled && await store.CheckPasswordAsync(account, password)) continue;
                account.Disabled = false;
                account.PasswordHash = store.PasswordHasher.HashPassword(account, password);
                await store.MustRenew(account);
            }
        }
        else
            foreach (var account in await store.Users.Where(a => a.IsDemonstration && !a.Disabled).ToListAsync())
            {
                account.Disabled = true;
                account.PasswordHash = null;
                await store.MustRenew(account);
            }
    }
}
