using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Vigil.Identity.Accounts;
using Vigil.Identity.Database;

namespace Vigil.Identity.SecondFactor;

/// <summary>
/// Shows the framework the passkeys in rows of ours. Its own rows keep what the device said of itself, know no last use, and have a counter
/// that two instances could write past each other.
/// </summary>
public sealed class PasskeyStore(IdentityDatabase db, IdentityErrorDescriber describer) : UserOnlyStore<Account, IdentityDatabase, Guid>(db, describer), IUserPasskeyStore<Account>
{
    Task<IList<UserPasskeyInfo>> IUserPasskeyStore<Account>.GetPasskeysAsync(Account user, CancellationToken cancellationToken) =>
        Task.FromResult<IList<UserPasskeyInfo>>([.. user.Passkeys.Select(Show)]);

    Task<UserPasskeyInfo?> IUserPasskeyStore<Account>.FindPasskeyAsync(Account user, byte[] credentialId, CancellationToken cancellationToken) =>
        Task.FromResult(user.Passkeys.Find(p => p.Id.AsSpan().SequenceEqual(credentialId)) is { } passkey ? Show(passkey) : null);

    Task<Account?> IUserPasskeyStore<Account>.FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken) =>
        Users.FirstOrDefaultAsync(a => a.Passkeys.Any(p => p.Id == credentialId), cancellationToken);

    // They come and go with the account, in the transaction that gives it a new stamp.
    Task IUserPasskeyStore<Account>.AddOrUpdatePasskeyAsync(Account user, UserPasskeyInfo passkey, CancellationToken cancellationToken) => throw new NotSupportedException();

    Task IUserPasskeyStore<Account>.RemovePasskeyAsync(Account user, byte[] credentialId, CancellationToken cancellationToken) => throw new NotSupportedException();

    // Always 0 times signed: counters are compared where they are moved on, in one statement (Passkeys.Verify).
    static UserPasskeyInfo Show(Passkey passkey) =>
        new(passkey.Id, passkey.PublicKey, passkey.Added, 0, [.. passkey.Transports], isUserVerified: true, passkey.IsBackupEligible, isBackedUp: false, attestationObject: [], clientDataJson: []);
}
