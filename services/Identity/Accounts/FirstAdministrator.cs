using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Vigil.Identity.Accounts;

/// <summary>
/// While no administrator can sign in, invites the one that configuration names. The link goes to a file that only its owner reads,
/// because logs are read by more people.
/// </summary>
public static class FirstAdministrator
{
    public static async Task Ensure(IServiceProvider services)
    {
        var settings = services.GetRequiredService<Settings>();
        if (settings.FirstAdministrator is not var (name, file)) return;
        var store = services.GetRequiredService<UserManager<Account>>();
        if (await store.Users.AnyAsync(a => a.Roles.Contains("admin") && a.PasswordHash != null && !a.Disabled))
        {
            // Used, or not needed.
            File.Delete(file);
            return;
        }

        var clock = services.GetRequiredService<TimeProvider>();
        if (await store.FindByNameAsync(name) is not { } account) await store.CreateAsync(account = Account.New(name, ["admin"], clock.GetUtcNow()));
        if (account.Disabled || !account.Roles.Contains("admin"))
        {
            // An old password must not come back to life with the account.
            (account.Disabled, account.PasswordHash, account.Roles) = (false, null, [.. account.Roles.Union(["admin"])]);
            await store.MustRenew(account);
        }
        var invitation = await Invitation.For(account, store, settings, clock);
        File.Delete(file);
        var mine = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) mine.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using var stream = new FileStream(file, mine);
        await using var writer = new StreamWriter(stream);
        await writer.WriteLineAsync(invitation.Link.AbsoluteUri);
    }
}
