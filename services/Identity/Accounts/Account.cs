using Microsoft.AspNetCore.Identity;
using Vigil.Hosting;
using Vigil.Identity.SecondFactor;

namespace Vigil.Identity.Accounts;

/// <summary>One person's way in. Never deleted, because events name it; disabled instead.</summary>
public sealed class Account : IdentityUser<Guid>
{
    public const int LongestName = 64;
    public const string NameCharacters = "abcdefghijklmnopqrstuvwxyz0123456789.-_@";

    public List<string> Roles { get; set; } = [];
    public bool Disabled { get; set; }
    /// <summary>Made for a demonstration, with a password that others know.</summary>
    public bool IsDemonstration { get; init; }
    public DateTimeOffset Created { get; init; }
    /// <summary>The secret that it shares with an authenticator, sealed.</summary>
    public byte[]? Authenticator { get; set; }
    /// <summary>The newest step whose code was taken: none counts twice.</summary>
    public long AuthenticatorStep { get; set; }
    /// <summary>Hashes of those that are left.</summary>
    public List<string> RecoveryCodes { get; set; } = [];
    public List<Passkey> Passkeys { get; init; } = [];
    /// <summary>When the newest challenge was made that a passkey answered: it counts once, and none from before it counts.</summary>
    public DateTimeOffset? PasskeyChallenge { get; set; }
    /// <summary>Whether the password alone does not let in.</summary>
    public bool HasSecondFactor => Authenticator is not null || Passkeys.Count > 0;

    public static Account New(string name, IEnumerable<string> roles, DateTimeOffset at, bool isDemonstration = false) =>
        new() { Id = Guid.CreateVersion7(at), UserName = name, Roles = [.. roles], Created = at, IsDemonstration = isDemonstration };

    public static IEnumerable<Fault> FaultsOfName(string name)
    {
        if (name.Length == 0) yield return new("text.required", "userName");
        else if (Fault.OfLength(name, LongestName, "userName") is { } fault) yield return fault;
        else if (name.Any(c => !NameCharacters.Contains(c))) yield return new("account.bad-name", "userName");
    }

    public static IEnumerable<Fault> FaultsOfRoles(string[] roles)
    {
        if (roles.Any(role => !Policy.AllRoles.Contains(role))) yield return new("value.not-known", "roles");
        if (roles.Distinct().Count() < roles.Length) yield return new("list.repeated", "roles");
    }
}

/// <summary>An account as administrators see it.</summary>
public sealed record AccountSummary(Guid Id, string UserName, IReadOnlyList<string> Roles, bool Disabled, bool HasPassword, bool HasSecondFactor, DateTimeOffset Created)
{
    public static AccountSummary Of(Account account) =>
        new(account.Id, account.UserName!, account.Roles, account.Disabled, account.PasswordHash is not null, account.HasSecondFactor, account.Created);
}
