using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Vigil.Identity.Accounts;
using Vigil.Identity.SecondFactor;
using Vigil.Identity.Sessions;
using Vigil.Identity.SignIn;
using Vigil.Identity.Tokens;

namespace Vigil.Identity.Database;

/// <summary>Accounts, sessions, clients, tokens and keys: everything of this service, in the schema that its login role owns.</summary>
public sealed class IdentityDatabase(DbContextOptions<IdentityDatabase> options) : IdentityUserContext<Account, Guid>(options), IDataProtectionKeyContext
{
    public const string Schema = "identity";

    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();
    public DbSet<StoredKey> Keys => Set<StoredKey>();
    public DbSet<StoredSession> Sessions => Set<StoredSession>();
    public DbSet<Passkey> Passkeys => Set<Passkey>();
    public DbSet<Tries> Tries => Set<Tries>();

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.HasDefaultSchema(Schema);
        builder.UseOpenIddict<Guid>();
        builder.Entity<StoredKey>(key =>
        {
            key.ToTable("Keys");
            key.Property(k => k.Use).HasConversion<string>().HasMaxLength(20);
        });
        builder.Entity<StoredSession>(session =>
        {
            session.ToTable("Sessions");
            session.HasIndex(s => s.Subject);
            session.HasIndex(s => s.Ends);
        });
        builder.Entity<Tries>().ToTable("Tries").HasIndex(t => t.Last);
        builder.Entity<Passkey>(passkey =>
        {
            passkey.ToTable("Passkeys");
            passkey.Property(p => p.Name).HasMaxLength(Passkey.LongestName);
        });
        builder.Entity<Account>(account =>
        {
            account.ToTable("Accounts");
            account.HasMany(a => a.Passkeys).WithOne().HasForeignKey(p => p.AccountId);
            // Whoever sees an account sees whether it has a second factor.
            account.Navigation(a => a.Passkeys).AutoInclude();
            account.Property(a => a.UserName).IsRequired().HasMaxLength(Account.LongestName);
            account.Property(a => a.NormalizedUserName).IsRequired().HasMaxLength(Account.LongestName);
            // What is not kept cannot leak.
            account.Ignore(a => a.Email).Ignore(a => a.NormalizedEmail).Ignore(a => a.EmailConfirmed).Ignore(a => a.PhoneNumber)
                .Ignore(a => a.PhoneNumberConfirmed).Ignore(a => a.TwoFactorEnabled).Ignore(a => a.LockoutEnabled);
        });
        builder.Ignore<IdentityUserClaim<Guid>>().Ignore<IdentityUserLogin<Guid>>().Ignore<IdentityUserToken<Guid>>();
    }
}
