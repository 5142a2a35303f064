using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;
using Vigil.Hosting;

namespace Vigil.Notification.Subscribers;

/// <summary>
/// The links in mails. They carry no address, prove themselves (128 bits, bound to their purpose), need no table, and work as long as the
/// secret stands.
/// </summary>
public static class Links
{
    /// <param name="Request">Which of the subscriber's sign-ups it confirms, from 1.</param>
    public sealed record Confirmation(Guid Subscriber, int Request, DateTimeOffset Issued);

    const int IdSize = 16;
    const int ConfirmationSize = IdSize + 4 + 8;
    const int ProofSize = 16;

    public static string ToLeave(Seal seal, Guid subscriber, EditionKey edition)
    {
        Span<byte> id = stackalloc byte[IdSize];
        subscriber.TryWriteBytes(id);
        return Base64Url.EncodeToString([.. id, .. seal.Prove("leave", Leaving(id, edition))]);
    }

    /// <summary>Whom the link says it is for; whether that is true shows only once the subscriber's edition is known.</summary>
    public static Guid? WhoLeaves(string token) => Read(token, IdSize) is { } bytes ? new Guid(bytes.AsSpan(0, IdSize)) : null;

    public static bool MayLeave(Seal seal, string token, Guid subscriber, EditionKey edition) =>
        Read(token, IdSize) is { } bytes && new Guid(bytes.AsSpan(0, IdSize)) == subscriber && seal.IsProof("leave", Leaving(bytes.AsSpan(0, IdSize), edition), bytes.AsSpan(IdSize));

    static byte[] Leaving(ReadOnlySpan<byte> id, EditionKey edition) => [.. id, .. Encoding.UTF8.GetBytes(edition.Value)];

    public static string ToConfirm(Seal seal, Confirmation link)
    {
        Span<byte> message = stackalloc byte[ConfirmationSize];
        link.Subscriber.TryWriteBytes(message);
        BinaryPrimitives.WriteInt32BigEndian(message[IdSize..], link.Request);
        BinaryPrimitives.WriteInt64BigEndian(message[(IdSize + 4)..], link.Issued.ToUnixTimeSeconds());
        return Base64Url.EncodeToString([.. message, .. seal.Prove("confirm", message)]);
    }

    /// <summary>Null unless we issued it.</summary>
    public static Confirmation? ReadConfirmation(Seal seal, string token)
    {
        if (Read(token, ConfirmationSize) is not { } bytes || !seal.IsProof("confirm", bytes.AsSpan(0, ConfirmationSize), bytes.AsSpan(ConfirmationSize))) return null;
        return new(new Guid(bytes.AsSpan(0, IdSize)), BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(IdSize)),
            DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(IdSize + 4))));
    }

    static byte[]? Read(string token, int messageSize)
    {
        if (token.Length > 100 || !Base64Url.IsValid(token)) return null;
        var bytes = Base64Url.DecodeFromChars(token);
        return bytes.Length == messageSize + ProofSize ? bytes : null;
    }
}
