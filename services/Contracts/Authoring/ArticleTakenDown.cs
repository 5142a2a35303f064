using MassTransit;

namespace Vigil.Contracts.Authoring;

/// <summary>Nothing of the article stays, in any edition, for ever.</summary>
[MessageUrn("authoring:article-taken-down:v1", useDefaultPrefix: false)]
[EntityName("authoring.article-taken-down.v1")]
public sealed record ArticleTakenDown
{
    public required Guid ArticleId { get; init; }
    public required long Version { get; init; }
    public required DateTimeOffset At { get; init; }
}
