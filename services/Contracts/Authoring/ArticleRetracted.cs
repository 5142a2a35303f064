using MassTransit;

namespace Vigil.Contracts.Authoring;

/// <summary>
/// The article's text goes and its page stays, with a notice, wherever it ever stood, for ever. The one ending with words: they are written to be
/// shown.
/// </summary>
[MessageUrn("authoring:article-retracted:v1", useDefaultPrefix: false)]
[EntityName("authoring.article-retracted.v1")]
public sealed record ArticleRetracted
{
    public required Guid ArticleId { get; init; }
    public required long Version { get; init; }
    public required DateTimeOffset At { get; init; }
    /// <summary>Identifies the notice, so that its erasure can name it.</summary>
    public required string NoticeHash { get; init; }
    public required RetractionNotice Notice { get; init; }
    /// <summary>When those who were mailed the story may be mailed the notice; null: no mail.</summary>
    public DateTimeOffset? MailAt { get; init; }
}

/// <summary>What readers of a retracted story are told: the notice and, where there is one, the reason.</summary>
public sealed record RetractionNotice(string Notice, string? Reason);
