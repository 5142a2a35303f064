using Vigil.Contracts.Authoring;
using Vigil.Hosting;

namespace Vigil.Publishing.Publications;

// One article in one edition, one stream. Version is the article's, as Authoring counts it.

/// <summary>A dark publication goes live.</summary>
/// <param name="Modified">When readers were last told of a change; null: never.</param>
/// <param name="Corrections">What readers are told of changes so far, oldest first.</param>
public sealed record PublicationReleased(
    Guid Article, EditionKey Edition, long Version, TextHash Text, TextHash Slug, DateTimeOffset FirstPublished, DateTimeOffset? Modified,
    IReadOnlyList<CorrectionMade> Corrections, DateTimeOffset? MailAt, DateTimeOffset At);

/// <summary>A live publication shows a newer text.</summary>
/// <param name="Tells">Whether readers are told the newest of the corrections with it.</param>
/// <param name="MailAt">When those who were mailed the story may be mailed that correction.</param>
public sealed record PublicationRevised(
    Guid Article, EditionKey Edition, long Version, ReleaseKind Kind, TextHash Text, TextHash Slug, DateTimeOffset FirstPublished, DateTimeOffset? Modified,
    IReadOnlyList<CorrectionMade> Corrections, bool Tells, DateTimeOffset? MailAt, DateTimeOffset At);

/// <summary>From before readers could be told of changes.</summary>
public sealed record PublicationReleasedV1(
    Guid Article, EditionKey Edition, long Version, TextHash Text, TextHash Slug, DateTimeOffset FirstPublished, DateTimeOffset? MailAt, DateTimeOffset At)
{
    public PublicationReleased Today() => new(Article, Edition, Version, Text, Slug, FirstPublished, Modified: null, [], MailAt, At);
}

/// <summary>From before readers could be told of changes: every one of them counted.</summary>
public sealed record PublicationRevisedV1(Guid Article, EditionKey Edition, long Version, ReleaseKind Kind, TextHash Text, TextHash Slug, DateTimeOffset FirstPublished, DateTimeOffset At)
{
    public PublicationRevised Today() => new(Article, Edition, Version, Kind, Text, Slug, FirstPublished, Modified: At, [], Tells: false, MailAt: null, At);
}

/// <summary>A change that readers are told of; its note is a text.</summary>
public sealed record CorrectionMade(DateTimeOffset At, CorrectionClass Class, TextHash Note);

public sealed record PublicationWithdrawn(Guid Article, EditionKey Edition, long Version, DateTimeOffset At);
public sealed record PublicationTakenDown(Guid Article, EditionKey Edition, long Version, DateTimeOffset At);

/// <summary>Its text goes, and its page stays with a notice.</summary>
/// <param name="Text">What it showed last; null where that was erased before.</param>
/// <param name="Kept">The little of it that stays.</param>
public sealed record PublicationRetracted(
    Guid Article, EditionKey Edition, long Version, TextHash Notice, TextHash? Text, TextHash? Kept, TextHash? Slug,
    DateTimeOffset? FirstPublished, DateTimeOffset? MailAt, DateTimeOffset At);

/// <summary>The stream's identity; whether it is live is decided at the article's gate, for all its editions at once.</summary>
public sealed record Publication(Guid Id)
{
    public static Guid IdOf(Guid article, string edition) => Uuid.From("publication", article, edition);

    /// <summary>An event of an earlier version, read as one of today's.</summary>
    public static object Today(object e) => e switch { PublicationReleasedV1 r => r.Today(), PublicationRevisedV1 r => r.Today(), _ => e };
}

/// <summary>The words of a slug, kept as a text like all words.</summary>
public sealed record SlugText(string Slug);

/// <summary>The words of a note to readers.</summary>
public sealed record NoteText(string Note);
