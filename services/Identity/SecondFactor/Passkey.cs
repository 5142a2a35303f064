using System.Buffers.Text;

namespace Vigil.Identity.SecondFactor;

/// <summary>A key that signs for one account: as much of it as is needed to know it again, and nothing of what its device said of itself.</summary>
public sealed class Passkey
{
    /// <summary>Of one account.</summary>
    public const int Most = 10;
    public const int LongestName = 64;

    /// <summary>As its device made it up. No two accounts have the same.</summary>
    public required byte[] Id { get; init; }
    public Guid AccountId { get; init; }
    /// <summary>What its person calls it.</summary>
    public required string Name { get; init; }
    public required byte[] PublicKey { get; init; }
    /// <summary>How often it has signed, as it says itself; many always say 0. One that goes back may have been copied.</summary>
    public required long SignCount { get; init; }
    /// <summary>How a browser may reach it.</summary>
    public required List<string> Transports { get; init; }
    public required bool IsBackupEligible { get; init; }
    public required DateTimeOffset Added { get; init; }
    public DateTimeOffset? Used { get; init; }

    /// <summary>Its id, as a form says it.</summary>
    public string Key => Base64Url.EncodeToString(Id);
}
