using MassTransit;

namespace Vigil.Contracts.Authoring;

/// <summary>A text is gone for ever: whoever has a copy under this hash deletes it, and what was made of it.</summary>
[MessageUrn("authoring:text-erased:v1", useDefaultPrefix: false)]
[EntityName("authoring.text-erased.v1")]
public sealed record TextErased
{
    public required Guid ArticleId { get; init; }
    public required long Version { get; init; }
    public required string TextHash { get; init; }
}
