using MassTransit;

namespace Vigil.Contracts.Publishing;

/// <summary>An article stands on an edition's public pages: its page answers from now on.</summary>
[MessageUrn("publishing:publication-went-live:v1", useDefaultPrefix: false)]
[EntityName("publishing.publication-went-live.v1")]
public sealed record PublicationWentLive
{
    public required Guid ArticleId { get; init; }
    public required string Edition { get; init; }
    /// <summary>The version of the article, as its releases and endings count it.</summary>
    public required long Version { get; init; }
    public required DateTimeOffset At { get; init; }
    /// <summary>When its mail may leave; null: no mail.</summary>
    public DateTimeOffset? MailAt { get; init; }
    public required string TextHash { get; init; }
    public required PublishedText Text { get; init; }
}

/// <summary>What a mail or a list may say of a live story.</summary>
public sealed record PublishedText
{
    public required string Headline { get; init; }
    public string? Standfirst { get; init; }
    /// <summary>The last part of its address in this edition.</summary>
    public required string Slug { get; init; }
    public required string Language { get; init; }
    public IReadOnlyList<string> Countries { get; init; } = [];
    public IReadOnlyList<string> Topics { get; init; } = [];
}
