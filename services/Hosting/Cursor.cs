using System.Buffers.Binary;
using System.Buffers.Text;

namespace Vigil.Hosting;

/// <summary>Where a list goes on: the time and id of its last line, opaque to clients (base64url, 24 bytes).</summary>
public static class Cursor
{
    public static string Of(DateTimeOffset at, Guid id)
    {
        Span<byte> bytes = stackalloc byte[24];
        BinaryPrimitives.WriteInt64BigEndian(bytes, at.UtcTicks);
        id.TryWriteBytes(bytes[8..]);
        return Base64Url.EncodeToString(bytes);
    }

    public static bool TryRead(string cursor, out DateTimeOffset at, out Guid id)
    {
        (at, id) = (default, default);
        Span<byte> bytes = stackalloc byte[24];
        if (cursor.Length != 32 || !Base64Url.IsValid(cursor) || !Base64Url.TryDecodeFromChars(cursor, bytes, out var length) || length != 24) return false;
        var ticks = BinaryPrimitives.ReadInt64BigEndian(bytes);
        if (ticks < 0 || ticks > DateTimeOffset.MaxValue.UtcTicks) return false;
        (at, id) = (new DateTimeOffset(ticks, TimeSpan.Zero), new Guid(bytes[8..]));
        return true;
    }

    /// <summary>The names that an enum has on the wire.</summary>
    public static IEnumerable<string> NamesOf(Type @enum) => Enum.GetNames(@enum).Select(System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName);

    /// <summary>Reads an enum by the name it has on the wire, and by nothing else.</summary>
    public static bool TryName<T>(string name, out T value) where T : struct, Enum
    {
        foreach (var candidate in Enum.GetValues<T>())
            if (System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(candidate.ToString()) == name) { value = candidate; return true; }
        value = default;
        return false;
    }
}
