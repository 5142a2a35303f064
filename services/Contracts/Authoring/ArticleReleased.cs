using MassTransit;

namespace Vigil.Contracts.Authoring;

/// <summary>
/// The whole public state of an article, as released. <see cref="Version"/> grows with every message about the article, so a newer
/// release makes older ones unnecessary. <see cref="Editions"/> is the full list: an edition that left it is withdrawn there.
/// </summary>
[MessageUrn("authoring:article-released:v1", useDefaultPrefix: false)]
[EntityName("authoring.article-released.v1")]
public sealed record ArticleReleased
{
    public required Guid ArticleId { get; init; }
    public required long Version { get; init; }
    public required ReleaseKind Kind { get; init; }
    public required IReadOnlyList<string> Editions { get; init; }
    public required DateTimeOffset At { get; init; }
    public required DateTimeOffset FirstPublished { get; init; }
    /// <summary>Identifies the text, so that its erasure can name it.</summary>
    public required string TextHash { get; init; }
    public required ReleasedText Text { get; init; }
    /// <summary>
    /// When its mail may leave; null: no mail. A correction's mail goes only to those who were mailed the story before, and says its newest note.
    /// </summary>
    public DateTimeOffset? MailAt { get; init; }
    /// <summary>When readers were last told of a change; null: never. Minor and protective corrections leave it as it was.</summary>
    public DateTimeOffset? Modified { get; init; }
    /// <summary>What readers are told of changes so far, oldest first.</summary>
    public IReadOnlyList<Correction> Corrections { get; init; } = [];
}

/// <summary>A change that readers are told of; minor and protective ones are not, and never stand here.</summary>
public sealed record Correction(DateTimeOffset At, CorrectionClass Class, string Note);

public enum CorrectionClass { Fact, Clarity, Update }

public enum ReleaseKind { First, Update, Correction, Protective }

/// <summary>What readers may see, and nothing else. Bodies are at most 200 kB.</summary>
public sealed record ReleasedText
{
    public required string Headline { get; init; }
    public string? Standfirst { get; init; }
    /// <summary>Sanitised HTML and, between it, parts placed by name; a part that is not placed follows the body.</summary>
    public required IReadOnlyList<Block> Body { get; init; }
    /// <summary>BCP 47.</summary>
    public required string Language { get; init; }
    /// <summary>The wished-for last part of the address; Publishing assigns the one that is unique.</summary>
    public required string Slug { get; init; }
    public Byline? Byline { get; init; }
    /// <summary>ISO 3166-1 alpha-2.</summary>
    public IReadOnlyList<string> Countries { get; init; } = [];
    public IReadOnlyList<string> Topics { get; init; } = [];
    public IReadOnlyList<Quotation> Quotations { get; init; } = [];
    public PrayerPoints? PrayerPoints { get; init; }
    public IReadOnlyList<Call> Related { get; init; } = [];
    public IReadOnlyList<Disclosure> Disclosures { get; init; } = [];
}

/// <summary>One stretch of the body: either <see cref="Html"/>, or the part <see cref="Part"/> with its <see cref="Number"/> from 1.</summary>
public sealed record Block(string? Html, Part? Part, int? Number);

public enum Part { Quotation, Image, Call }

/// <summary>Desk bylines have no name; withheld ones are not sent at all.</summary>
public sealed record Byline(BylineKind Kind, string? Name);

public enum BylineKind { Named, Desk, Withheld }

public sealed record Quotation(string Text, Attribution Attribution, string? As);

public enum Attribution { Named, Described, Withheld }

public sealed record PrayerPoints(string Lead, IReadOnlyList<string> Points);

public sealed record Call(string Title, string Url, string? Text);

public enum Disclosure { NamesChanged, DetailsChanged, PlaceWithheld }
