using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using OtpNet;
using Vigil.Identity.Accounts;
using Vigil.Identity.Database;

namespace Vigil.Identity.SecondFactor;

/// <summary>Ten codes of 50 random bits to keep on paper, each good for one sign-in. Only hashes are kept.</summary>
public static class RecoveryCodes
{
    const int Count = 10, Length = 10;

    public static (IReadOnlyList<string> Shown, List<string> Kept) Make(Account account)
    {
        string[] shown = [.. Enumerable.Range(0, Count).Select(_ => Base32Encoding.ToString(RandomNumberGenerator.GetBytes(7))[..Length].ToLowerInvariant()).Select(c => $"{c[..5]}-{c[5..]}")];
        return (shown, [.. shown.Select(code => Hash(account, code))]);
    }

    public static async Task<bool> Use(Account account, string code, IdentityDatabase db, CancellationToken ct)
    {
        var hash = Hash(account, code);
        return await db.Database.ExecuteSqlAsync($"update identity.\"Accounts\" set \"RecoveryCodes\" = array_remove(\"RecoveryCodes\", {hash}) where \"Id\" = {account.Id} and {hash} = any(\"RecoveryCodes\")", ct) == 1;
    }

    static string Hash(Account account, string code) =>
        Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes($"{account.Id} {new string([.. code.Where(char.IsAsciiLetterOrDigit)]).ToLowerInvariant()}")));
}
