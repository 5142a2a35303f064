using MassTransit;

namespace Vigil.Contracts.Publishing;

/// <summary>A publication left an edition's public pages; a retracted one leaves a notice at its address.</summary>
[MessageUrn("publishing:publication-ended:v1", useDefaultPrefix: false)]
[EntityName("publishing.publication-ended.v1")]
public sealed record PublicationEnded
{
    public required Guid ArticleId { get; init; }
    public required string Edition { get; init; }
    public required long Version { get; init; }
    public required Ending Ending { get; init; }
    public required DateTimeOffset At { get; init; }
    /// <summary>Of a retraction: identifies the notice, so that its erasure can name it.</summary>
    public string? NoticeHash { get; init; }
    /// <summary>Of a retraction: what readers are told; null once it is erased.</summary>
    public RetractionNotice? Notice { get; init; }
    /// <summary>Of a retraction: the text that its page keeps the headline of; null with <see cref="Text"/>.</summary>
    public string? TextHash { get; init; }
    /// <summary>Of a retraction: what its page still says of the story, at the address where that stood; null where even this was erased.</summary>
    public PublishedText? Text { get; init; }
    /// <summary>Of a retraction: when those who were mailed the story may be mailed the notice; null: no mail.</summary>
    public DateTimeOffset? MailAt { get; init; }
}

public enum Ending { Withdrawn, TakenDown, Retracted }

public sealed record RetractionNotice(string Notice, string? Reason);
