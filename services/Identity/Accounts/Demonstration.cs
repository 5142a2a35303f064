using Microsoft.AspNetCore.Identity;

namespace Vigil.Identity.Accounts;

/// <summary>One account of each role and a second editor, all with the password of the demonstration. Without one they are disabled.</summary>
public static class Demonstration
{
    static readonly string[] Names = ["writer", "editor", "editor2", "safety", "publisher", "duty", "admin"];

    public static async Task Ensure(IServiceProvider services)
    {
        if (services.GetRequiredService<Settings>().DemonstrationPassword is not { } password) return;
        var store = services.GetRequiredService<UserManager<Account>>();
        var at = services.GetRequiredService<TimeProvider>().GetUtcNow();
        foreach (var name in Names)
        {
            var account = await store.FindByNameAsync(name);
            if (account is null) await store.CreateAsync(account = Account.New(name, [name.TrimEnd('2')], at));
            if (await store.CheckPasswordAsync(account, password)) continue;
            account.PasswordHash = store.PasswordHasher.HashPassword(account, password);
            await store.UpdateSecurityStampAsync(account);
        }
    }
}
