using System.Security.Cryptography;
using System.Text;
using Vigil.Hosting;

namespace Vigil.Notification.Subscribers;

/// <summary>
/// Everything that hangs on the service's secret: addresses sealed with AES-256-GCM, the keyed hashes by which they are found again, and
/// the proofs in links. Each use has a key of its own (HKDF, RFC 5869). Losing the secret loses the subscribers.
/// </summary>
public sealed class Seal
{
    const int NonceSize = 12;
    const int TagSize = 16;
    const int ProofSize = 16;

    readonly byte[] _sealing;
    readonly byte[] _finding;
    readonly byte[] _proving;
    readonly byte[] _marking;

    public Seal(byte[] secret)
    {
        if (secret.Length < 32) throw new ArgumentException("The secret has fewer than 32 bytes.", nameof(secret));
        _sealing = Derive("sealing");
        _finding = Derive("finding");
        _proving = Derive("proving");
        _marking = Derive("marking");

        byte[] Derive(string use) => HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 32, info: Encoding.UTF8.GetBytes($"vigil.notification.{use}.v1"));
    }

    /// <summary>From Notification:Secret or the file that Notification:SecretFile names: base64 of at least 32 random bytes.</summary>
    public static Seal From(IConfiguration configuration)
    {
        var text = configuration["Notification:Secret"] ?? (configuration["Notification:SecretFile"] is { } file ? File.ReadAllText(file) : null);
        try { return new(Convert.FromBase64String(text?.Trim() ?? "")); }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            throw new InvalidOperationException("Set Notification:Secret, or Notification:SecretFile to a file that holds it: base64 of at least 32 random bytes (openssl rand -base64 32).");
        }
    }

    /// <param name="owner">Bound to the words: they open for nobody else.</param>
    public byte[] Close(Guid owner, string words)
    {
        var plain = Encoding.UTF8.GetBytes(words);
        var closed = new byte[NonceSize + TagSize + plain.Length];
        RandomNumberGenerator.Fill(closed.AsSpan(0, NonceSize));
        using var aes = new AesGcm(_sealing, TagSize);
        aes.Encrypt(closed.AsSpan(0, NonceSize), plain, closed.AsSpan(NonceSize + TagSize), closed.AsSpan(NonceSize, TagSize), owner.ToByteArray());
        return closed;
    }

    /// <exception cref="CryptographicException">Sealed for another owner, under another secret, or damaged.</exception>
    public string Open(Guid owner, byte[] closed)
    {
        if (closed.Length < NonceSize + TagSize) throw new CryptographicException("Damaged.");
        var plain = new byte[closed.Length - NonceSize - TagSize];
        using var aes = new AesGcm(_sealing, TagSize);
        aes.Decrypt(closed.AsSpan(0, NonceSize), closed.AsSpan(NonceSize + TagSize), closed.AsSpan(NonceSize, TagSize), plain, owner.ToByteArray());
        return Encoding.UTF8.GetString(plain);
    }

    /// <summary>The keyed hash (HMAC-SHA256, hexadecimal) under which an address is known in an edition.</summary>
    public string Find(EditionKey edition, MailAddress address) => Find("subscriber", edition.Value, address.Normal);

    public string Find(params ReadOnlySpan<string> what) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(_finding, Encoding.UTF8.GetBytes(string.Join('\u001f', what.ToArray()))));

    /// <summary>What an id is called in the ledger: nobody without the secret can tell which id that is, nor which of two belong together.</summary>
    public Guid Mark(Guid id) => new(HMACSHA256.HashData(_marking, id.ToByteArray())[..16]);

    /// <summary>128 bits that only the holder of the secret can make for this message.</summary>
    public byte[] Prove(string purpose, ReadOnlySpan<byte> message)
    {
        var label = Encoding.UTF8.GetBytes(purpose + "\u001f");
        byte[] whole = [.. label, .. message];
        return HMACSHA256.HashData(_proving, whole)[..ProofSize];
    }

    public bool IsProof(string purpose, ReadOnlySpan<byte> message, ReadOnlySpan<byte> proof) => CryptographicOperations.FixedTimeEquals(Prove(purpose, message), proof);
}
