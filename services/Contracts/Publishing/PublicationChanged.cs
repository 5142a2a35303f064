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
    /// <summary>Words of the story before this version are a danger: whoever keeps any forgets them. Null: none are. Readers are told nothing of it.</summary>
    public long? ForgetBefore { get; init; }
    /// <summary>What readers are told of this change; null: nothing.</summary>
    public Correction? Correction { get; init; }
    /// <summary>When those who were mailed the story may be mailed its correction; null: no mail.</summary>
    public DateTimeOffset? MailAt { get; init; }
}

public sealed record Correction(CorrectionClass Class, string Note);

public enum CorrectionClass { Fact, Clarity, Update }
