using Microsoft.AspNetCore.Identity;

namespace Vigil.Identity.Accounts;

/// <summary>What sessions, links and refresh tokens of an account stand on: a new one ends them.</summary>
static class Stamp
{
    /// <summary>For <c>migrate</c>, which ends rather than passes over what others changed at the same moment.</summary>
    public static async Task MustRenew(this UserManager<Account> accounts, Account account)
    {
        if (!(await accounts.UpdateSecurityStampAsync(account)).Succeeded) throw new InvalidOperationException($"Account {account.Id} was changed at the same moment. Run migrate again.");
    }
}
