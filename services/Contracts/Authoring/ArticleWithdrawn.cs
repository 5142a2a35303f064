using MassTransit;

namespace Vigil.Contracts.Authoring;

/// <summary>The article is to answer as if it were not there, in the editions named; null names all, also ones never seen.</summary>
[MessageUrn("authoring:article-withdrawn:v1", useDefaultPrefix: false)]
[EntityName("authoring.article-withdrawn.v1")]
public sealed record ArticleWithdrawn
{
    public required Guid ArticleId { get; init; }
    public required long Version { get; init; }
    public IReadOnlyList<string>? Editions { get; init; }
    public required DateTimeOffset At { get; init; }
}
