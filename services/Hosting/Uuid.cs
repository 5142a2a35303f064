using System.Security.Cryptography;
using System.Text;

namespace Vigil.Hosting;

/// <summary>Ids derived from what they stand for, so that saying a thing twice names the same thing (RFC 9562 §5.5, version 5).</summary>
public static class Uuid
{
    static readonly Guid Vigil = new("6f1d3c0a-9a53-4e53-8c2b-0d9a7a6c1b11");

    public static Guid From(params ReadOnlySpan<object> parts)
    {
        var name = Encoding.UTF8.GetBytes(string.Join('\u001f', parts.ToArray()));
        Span<byte> input = new byte[16 + name.Length];
        Vigil.TryWriteBytes(input, bigEndian: true, out _);
        name.CopyTo(input[16..]);
        // The standard prescribes SHA-1 here; it names, it does not protect.
#pragma warning disable CA5350
        var hash = SHA1.HashData(input);
#pragma warning restore CA5350
        hash[6] = (byte)((hash[6] & 0x0f) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3f) | 0x80);
        return new Guid(hash.AsSpan(0, 16), bigEndian: true);
    }
}
