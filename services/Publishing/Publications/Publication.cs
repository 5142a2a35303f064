using Vigil.Contracts.Authoring;
using Vigil.Hosting;

namespace Vigil.Publishing.Publications;

// One article in one edition, one stream. Version is the article's, as Authoring counts it.

/// <summary>A dark publication goes live.</summary>
public sealed record PublicationReleased(
    Guid Article, EditionKey Edition, long Version, TextHash Text, TextHash Slug, DateTimeOffset FirstPublished, DateTimeOffset? MailAt, DateTimeOffset At);

/// <summary>A live publication shows a newer text.</summary>
public sealed record PublicationRevised(Guid Article, EditionKey Edition, long Version, ReleaseKind Kind, TextHash Text, TextHash Slug, DateTimeOffset FirstPublished, DateTimeOffset At);
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
}

/// <summary>The words of a slug, kept as a text like all words.</summary>
public sealed record SlugText(string Slug);
