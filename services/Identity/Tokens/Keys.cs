using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.Tokens;
using Vigil.Hosting;
using Vigil.Identity.Database;

namespace Vigil.Identity.Tokens;

/// <summary>A key as the database keeps it: sealed by Data Protection.</summary>
public sealed class StoredKey
{
    public required Guid Id { get; init; }
    public required KeyUse Use { get; init; }
    public required byte[] Sealed { get; init; }
    public required DateTimeOffset Created { get; init; }
}

public enum KeyUse { Signing, Encryption }

/// <summary>The keys that all instances share: a token given by one is known to all, and outlives a restart. The newest first.</summary>
public sealed class Keys(IReadOnlyList<SecurityKey> signing, IReadOnlyList<SecurityKey> encryption)
{
    const string Purpose = "Vigil.Identity.Keys";
    const int Kept = 2;
    static readonly TimeSpan Renewed = TimeSpan.FromDays(90);
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public IReadOnlyList<SecurityKey> Signing { get; } = signing;
    public IReadOnlyList<SecurityKey> Encryption { get; } = encryption;

    /// <summary>Makes the first keys, and new ones when the newest are old. The one before stays, for what it signed or sealed.</summary>
    public static async Task Ensure(IServiceProvider services)
    {
        var db = services.GetRequiredService<IdentityDatabase>();
        var protector = services.GetRequiredService<IDataProtectionProvider>().CreateProtector(Purpose);
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        foreach (var use in Enum.GetValues<KeyUse>())
        {
            var keys = await db.Keys.Where(k => k.Use == use).OrderByDescending(k => k.Created).ToListAsync();
            if (keys.Count > 0 && now - keys[0].Created < Renewed) continue;
            db.Keys.Add(new() { Id = Guid.CreateVersion7(now), Use = use, Sealed = protector.Protect(Make(use)), Created = now });
            db.Keys.RemoveRange(keys.Skip(Kept - 1));
        }
        await db.SaveChangesAsync();
    }

    /// <summary>Waits a while for the database; without keys nothing here can work.</summary>
    public static async Task<Keys> Read(IServiceProvider services)
    {
        var settings = services.GetRequiredService<Settings>();
        using var patience = new CancellationTokenSource(Patience);
        for (; ; await Task.Delay(TimeSpan.FromSeconds(1)))
            try
            {
                await using var scope = services.CreateAsyncScope();
                var stored = await scope.ServiceProvider.GetRequiredService<IdentityDatabase>().Keys.AsNoTracking().OrderByDescending(k => k.Created).ToListAsync();
                var protector = services.GetRequiredService<IDataProtectionProvider>().CreateProtector(Purpose);
                SecurityKey[] signing = settings.SigningKey is { } file ? [Rsa(rsa => rsa.ImportFromPem(File.ReadAllText(file)))]
                    : [.. stored.Where(k => k.Use is KeyUse.Signing).Select(k => Rsa(rsa => rsa.ImportPkcs8PrivateKey(protector.Unprotect(k.Sealed), out _)))];
                SecurityKey[] encryption = [.. stored.Where(k => k.Use is KeyUse.Encryption).Select(k => new SymmetricSecurityKey(protector.Unprotect(k.Sealed)))];
                return signing.Length > 0 && encryption.Length > 0 ? new(signing, encryption) : throw new InvalidOperationException("There are no keys yet; run migrate first.");
            }
            catch (Exception e) when (Store.IsOutage(e) && !patience.IsCancellationRequested) { }
    }

    static byte[] Make(KeyUse use)
    {
        if (use is KeyUse.Encryption) return RandomNumberGenerator.GetBytes(32);
        using var rsa = RSA.Create(3072);
        return rsa.ExportPkcs8PrivateKey();
    }

    static RsaSecurityKey Rsa(Action<RSA> import)
    {
        var rsa = RSA.Create();
        import(rsa);
        var key = new RsaSecurityKey(rsa);
        key.KeyId = Base64UrlEncoder.Encode(key.ComputeJwkThumbprint());
        return key;
    }
}

/// <summary>Holds the keys from start to end of the process; they are read before the first request.</summary>
public sealed class KeyHolder
{
    public Keys? Held { private get; set; }
    public Keys Keys => Held ?? throw new InvalidOperationException("The keys have not been read.");
}
