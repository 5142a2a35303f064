using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace Vigil.Gateway.Session;

/// <summary>
/// AES-256-GCM under a key derived from a secret that is known anyway: a session is sealed with the id that only its browser has, the
/// state of a sign-in with the secret that all gateways share. So there is no ring of keys to keep.
/// </summary>
sealed class Seal(byte[] secret) : IDataProtector
{
    const int NonceSize = 12, TagSize = 16;

    public IDataProtector CreateProtector(string purpose) => new Seal(HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 32, info: Encoding.UTF8.GetBytes(purpose)));

    public byte[] Protect(byte[] plaintext)
    {
        var closed = new byte[NonceSize + TagSize + plaintext.Length];
        RandomNumberGenerator.Fill(closed.AsSpan(0, NonceSize));
        using var aes = new AesGcm(secret, TagSize);
        aes.Encrypt(closed.AsSpan(0, NonceSize), plaintext, closed.AsSpan(NonceSize + TagSize), closed.AsSpan(NonceSize, TagSize));
        return closed;
    }

    /// <exception cref="CryptographicException">It was sealed with something else, or changed since.</exception>
    public byte[] Unprotect(byte[] protectedData)
    {
        if (protectedData.Length < NonceSize + TagSize) throw new CryptographicException("Too short.");
        var open = new byte[protectedData.Length - NonceSize - TagSize];
        using var aes = new AesGcm(secret, TagSize);
        aes.Decrypt(protectedData.AsSpan(0, NonceSize), protectedData.AsSpan(NonceSize + TagSize), protectedData.AsSpan(NonceSize, TagSize), open);
        return open;
    }
}
