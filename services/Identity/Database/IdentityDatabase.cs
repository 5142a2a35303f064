using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Vigil.Identity.Accounts;
using Vigil.Identity.Tokens;

namespace Vigil.Identity.Database;

/// <summary>Accounts, clients, tokens and keys: everything of this service, in the schema that its login role owns.</summary>
public sealed class IdentityDatabase(DbContextOptions<IdentityDatabase> options) : IdentityUserContext<Account, Guid>(options), IDataProtectionKeyContext
{
    public const string Schema = "identity";

    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();
    public DbSet<StoredKey> Keys => Set<StoredKey>();

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.HasDefaultSchema(Schema);
        builder.UseOpenIddict<Guid>();
        builder.Entity<Account>().ToTable("Accounts");
        builder.Entity<StoredKey>().ToTable("Keys");
    }
}
