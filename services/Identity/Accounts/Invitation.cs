using System.Buffers.Text;
using System.Text;
using Microsoft.AspNetCore.Identity;

namespace Vigil.Identity.Accounts;

/// <summary>A link that lets whoever holds it choose the password of one account. It works once, for three days.</summary>
public sealed record Invitation(Uri Link, DateTimeOffset Until)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(3);

    // The token stands in the query because traces redact queries, not paths.
    public static async Task<Invitation> For(Account account, UserManager<Account> store, Settings settings, TimeProvider clock)
    {
        var token = Base64Url.EncodeToString(Encoding.ASCII.GetBytes(await store.GeneratePasswordResetTokenAsync(account)));
        return new(new Uri(settings.Issuer, $"identity/invitation?account={account.Id}&token={token}"), clock.GetUtcNow() + Lifetime);
    }

    /// <summary>The account and the token of a link that still works.</summary>
    public static async Task<(Account Account, string Token)?> Read(string? account, string? token, UserManager<Account> store)
    {
        if (!Guid.TryParse(account, out var id) || token is null || !Base64Url.IsValid(token)) return null;
        var plain = Encoding.ASCII.GetString(Base64Url.DecodeFromChars(token));
        return await store.FindByIdAsync(id.ToString()) is { Disabled: false } found
            && await store.VerifyUserTokenAsync(found, store.Options.Tokens.PasswordResetTokenProvider, UserManager<Account>.ResetPasswordTokenPurpose, plain)
            ? (found, plain) : null;
    }
}
