using JasperFx.Events;
using Vigil.Hosting;

namespace Vigil.Notification.Mailings;

// One story to one edition's readers. Facts only; the words stand in a text.
/// <param name="Version">The article's, as its releases and endings count it.</param>
/// <param name="Due">When its mail may leave.</param>
public sealed record MailingPlanned(Guid Article, EditionKey Edition, long Version, TextHash Text, DateTimeOffset Due, DateTimeOffset At);
/// <summary>A word to those who were mailed a story, and to nobody else.</summary>
/// <param name="Version">Told to those whose mail had words of an earlier one.</param>
/// <param name="Text">What it cannot do without.</param>
/// <param name="Story">What it says which story it is about by; null: it does not say.</param>
public sealed record FollowUpPlanned(Guid Article, EditionKey Edition, long Version, Occasion Occasion, TextHash Text, TextHash? Story, DateTimeOffset Due, DateTimeOffset At);
/// <summary>The safety officer has those told who were mailed this story, which was removed.</summary>
public sealed record NoticeOrdered(Guid By, DateTimeOffset At);
public sealed record MailingReworded(long Version, TextHash Text, DateTimeOffset At);
/// <summary>Its words were erased: nothing leaves until it has new ones.</summary>
public sealed record MailingTextErased(TextHash Text, DateTimeOffset At);
/// <summary>The audience is frozen: one delivery for each reader.</summary>
public sealed record MailingStarted(int Audience, DateTimeOffset At);
/// <summary>What has not left stays. <paramref name="Version"/> is the ending's.</summary>
public sealed record MailingHalted(Halt Halt, long Version, DateTimeOffset At);
/// <summary>From before stories could be retracted or protected.</summary>
public sealed record MailingHaltedV1(MailingHaltedV1.Why Halt, long Version, DateTimeOffset At)
{
    public enum Why { Withdrawn, TakenDown, TextErased }
}
/// <summary>Every reader is accounted for: sent, skipped and failed together are the audience.</summary>
/// <param name="Repeats">How many mails were handed over again without knowing whether the first had arrived.</param>
public sealed record MailingFinished(int Sent, int Skipped, int Failed, int Repeats, DateTimeOffset At);

/// <summary>Stopped: halted before it started. Halting: halted after it, the rest of its deliveries are being closed.</summary>
public enum Stage { Waiting, Sending, Halting, Stopped, Finished }

/// <summary>Protected: what it would have said was replaced for somebody's safety.</summary>
public enum Halt { Withdrawn, TakenDown, TextErased, Retracted, Protected }

public enum Occasion { Story, Correction, Retraction, Notice }

/// <summary>
/// One stream for article and edition, so that nobody is told of a story twice; and one for each follow-up to it, so that nobody is told of
/// a change twice.
/// </summary>
/// <param name="ArticleVersion">Of the words.</param>
/// <param name="Text">Null: the words were erased.</param>
public sealed record Mailing(Guid Id, Guid Article, EditionKey Edition, long ArticleVersion, TextHash? Text, DateTimeOffset Due, DateTimeOffset PlannedAt)
{
    public Stage Stage { get; init; }
    public Occasion Occasion { get; init; }
    /// <summary>Of the words that it was planned with.</summary>
    public long FirstVersion { get; init; }
    /// <summary>Of a follow-up: see <see cref="FollowUpPlanned"/>.</summary>
    public TextHash? Story { get; init; }
    public DateTimeOffset? NoticeOrderedAt { get; init; }
    public DateTimeOffset? WordlessSince { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }
    public Halt? Halt { get; init; }
    /// <summary>Null until it started.</summary>
    public int? Audience { get; init; }
    public int Sent { get; init; }
    public int Skipped { get; init; }
    public int Failed { get; init; }
    public int Repeats { get; init; }
    /// <summary>The trace of what made it (W3C), so that its mails can name it.</summary>
    public string? Cause { get; init; }

    // Columns of their own: workers read them before each mail.
    public bool IsSending => Stage is Stage.Sending;
    public bool IsOpen => Stage is Stage.Waiting or Stage.Sending or Stage.Halting;
    public string? Words => Text?.Value;

    /// <summary>Stands for the words of notices, which are the same for all.</summary>
    public static TextHash Neutral { get; } = new("neutral");

    public static Guid IdOf(Guid article, EditionKey edition) => Uuid.From("mailing", article, edition);

    public static Guid FollowUpIdOf(Guid article, EditionKey edition, long version) => Uuid.From("follow-up", article, edition, version);

    public static Guid NoticeIdOf(Guid mailing) => Uuid.From("notice", mailing);

    public static Mailing Create(IEvent<MailingPlanned> e) => new(e.StreamId, e.Data.Article, e.Data.Edition, e.Data.Version, e.Data.Text, e.Data.Due, e.Data.At) { FirstVersion = e.Data.Version, Cause = e.CausationId };

    public static Mailing Create(IEvent<FollowUpPlanned> e) => new(e.StreamId, e.Data.Article, e.Data.Edition, e.Data.Version, e.Data.Text, e.Data.Due, e.Data.At)
    {
        Occasion = e.Data.Occasion, FirstVersion = e.Data.Version, Story = e.Data.Story, Cause = e.CausationId,
    };

    public static Mailing Apply(IEvent<MailingPlanned> e, Mailing m) => Create(e);
    public static Mailing Apply(NoticeOrdered e, Mailing m) => m with { NoticeOrderedAt = e.At };
    public static Mailing Apply(MailingReworded e, Mailing m) => m with { ArticleVersion = e.Version, Text = e.Text, WordlessSince = null };
    public static Mailing Apply(MailingTextErased e, Mailing m) => m with { Text = null, WordlessSince = e.At };
    public static Mailing Apply(MailingStarted e, Mailing m) => m with { Stage = Stage.Sending, Audience = e.Audience, StartedAt = e.At };
    public static Mailing Apply(MailingHalted e, Mailing m) => m with { Stage = m.Audience is null ? Stage.Stopped : Stage.Halting, Halt = e.Halt };
    public static Mailing Apply(MailingHaltedV1 e, Mailing m) => Apply(new MailingHalted(Enum.Parse<Halt>(e.Halt.ToString()), e.Version, e.At), m);
    public static Mailing Apply(MailingFinished e, Mailing m) => m with { Stage = Stage.Finished, Sent = e.Sent, Skipped = e.Skipped, Failed = e.Failed, Repeats = e.Repeats, FinishedAt = e.At };
}
