using MassTransit;

namespace Vigil.Contracts.Publishing;

/// <summary>One office's public site, as it is now.</summary>
[MessageUrn("publishing:edition-changed:v1", useDefaultPrefix: false)]
[EntityName("publishing.edition-changed.v1")]
public sealed record EditionChanged
{
    public required string Key { get; init; }
    public required long Version { get; init; }
    public required string Name { get; init; }
    public required IReadOnlyList<string> Hosts { get; init; }
    /// <summary>BCP 47.</summary>
    public required string Language { get; init; }
    /// <summary>IANA.</summary>
    public required string TimeZone { get; init; }
    public required string Theme { get; init; }
    public required Sender Sender { get; init; }
    /// <summary>Absolute, without a closing slash: what mails and feeds put before a path.</summary>
    public required string BaseAddress { get; init; }
}

public sealed record Sender(string Name, string Address);
