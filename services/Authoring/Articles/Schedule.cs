using System.Collections.Immutable;
using Vigil.Hosting;

namespace Vigil.Authoring.Articles;

/// <summary>Editions not named keep what they had.</summary>
public sealed record ReleaseScheduled(Guid By, ImmutableArray<EditionMoment> Editions, MailWish Mail, DateTimeOffset At);
public sealed record ScheduleCancelled(Guid By, DateTimeOffset At);

/// <summary>It was due, and what it needed was not so any more.</summary>
public sealed record ReleaseMissed(Guid By, ImmutableArray<EditionKey> Editions, Miss Why, DateTimeOffset At);

public enum Miss { NotApproved, NotCleared, Embargoed, Withdrawn, Live }

public sealed record EditionMoment(EditionKey Edition, DateTimeOffset At);

/// <param name="By">Whose command it is when it is due.</param>
public sealed record ScheduledRelease(EditionKey Edition, DateTimeOffset At, Guid By, MailWish Mail);

public sealed record MissedRelease(EditionKey Edition, DateTimeOffset At, Miss Why);
