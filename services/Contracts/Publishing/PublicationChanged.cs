using MassTransit;

namespace Vigil.Contracts.Publishing;

/// <summary>A live publication shows a newer version.</summary>
[MessageUrn("publishing:publication-changed:v1", useDefaultPrefix: false)]
[EntityName("publishing.publication-changed.v1")]
public sealed record PublicationChanged
{
    public required Guid ArticleId { get; init; }
    public required string Edition { get; init; }
    public required long Version { get; init; }
    public required DateTimeOffset At { get; init; }
    public required string TextHash { get; init; }
    public required PublishedText Text { get; init; }
}
