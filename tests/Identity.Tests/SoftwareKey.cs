using System.Buffers.Binary;
using System.Formats.Cbor;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;

namespace Vigil.Identity.Tests;

/// <summary>A security key and the browser in front of it, as WebAuthn Level 3 describes them, for a key of P-256. Each of its parts can be told to lie.</summary>
public sealed class SoftwareKey(string origin, string host, uint count = 1) : IDisposable
{
    readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public byte[] Id { get; init; } = RandomNumberGenerator.GetBytes(32);

    /// <summary>How often it has signed; 0: it does not count.</summary>
    public uint Count { get; set; } = count;

    /// <summary>What is said otherwise than it is.</summary>
    public sealed record Lie
    {
        public string? Origin { get; init; }
        public string? Host { get; init; }
        public string? Type { get; init; }
        public string? Challenge { get; init; }
        public bool? CrossOrigin { get; init; }
        public string? TopOrigin { get; init; }
        public byte Without { get; init; }
        public SoftwareKey? SignedBy { get; init; }
    }

    public const byte Present = 0x01, Verified = 0x04;
    const byte Attested = 0x40;

    public JsonObject Create(JsonElement options, Lie? lie = null)
    {
        var cose = new CborWriter(CborConformanceMode.Ctap2Canonical);
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        cose.WriteStartMap(5);
        foreach (var (label, value) in new[] { (1, 2), (3, -7), (-1, 1) })
        {
            cose.WriteInt32(label);
            cose.WriteInt32(value);
        }
        foreach (var (label, value) in new[] { (-2, point.X!), (-3, point.Y!) })
        {
            cose.WriteInt32(label);
            cose.WriteByteString(value);
        }
        cose.WriteEndMap();

        var length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)Id.Length);
        var attestation = new CborWriter(CborConformanceMode.Ctap2Canonical);
        attestation.WriteStartMap(3);
        attestation.WriteTextString("fmt");
        attestation.WriteTextString("none");
        attestation.WriteTextString("attStmt");
        attestation.WriteStartMap(0);
        attestation.WriteEndMap();
        attestation.WriteTextString("authData");
        attestation.WriteByteString([.. Data(lie, Attested), .. new byte[16], .. length, .. Id, .. cose.Encode()]);
        attestation.WriteEndMap();
        return Credential(new() { ["clientDataJSON"] = Text(ClientData("webauthn.create", options, lie)), ["attestationObject"] = Text(attestation.Encode()), ["transports"] = new JsonArray("usb") });
    }

    public JsonObject Get(JsonElement options, Lie? lie = null)
    {
        if (Count > 0) Count++;
        var (client, data) = (ClientData("webauthn.get", options, lie), Data(lie, 0));
        var signature = (lie?.SignedBy ?? this)._key.SignData([.. data, .. SHA256.HashData(client)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return Credential(new() { ["clientDataJSON"] = Text(client), ["authenticatorData"] = Text(data), ["signature"] = Text(signature) });
    }

    byte[] Data(Lie? lie, byte more)
    {
        var counter = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(counter, Count);
        return [.. SHA256.HashData(Encoding.UTF8.GetBytes(lie?.Host ?? host)), (byte)((Present | Verified | more) & ~(lie?.Without ?? 0)), .. counter];
    }

    byte[] ClientData(string type, JsonElement options, Lie? lie)
    {
        var said = new JsonObject
        {
            ["type"] = lie?.Type ?? type, ["challenge"] = lie?.Challenge ?? options.GetProperty("challenge").GetString(), ["origin"] = lie?.Origin ?? origin, ["crossOrigin"] = lie?.CrossOrigin ?? false,
        };
        if (lie?.TopOrigin is { } top) said["topOrigin"] = top;
        return JsonSerializer.SerializeToUtf8Bytes(said);
    }

    JsonObject Credential(JsonObject response) => new() { ["id"] = Text(Id), ["rawId"] = Text(Id), ["type"] = "public-key", ["response"] = response, ["clientExtensionResults"] = new JsonObject() };

    public static string Text(byte[] bytes) => WebEncoders.Base64UrlEncode(bytes);

    public void Dispose() => _key.Dispose();
}
