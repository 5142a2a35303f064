using System.Collections.Immutable;
using Vigil.Hosting;

namespace Vigil.Authoring.Articles;

/// <summary>A text goes out. Editions is the full list of where the article is meant to stand from now on.</summary>
/// <param name="Modified">When readers were last told of a change.</param>
/// <param name="Corrections">What they were told so far, oldest first.</param>
public sealed record ArticleReleased(
    Guid By, TextHash Text, ReleaseKind Kind, ImmutableArray<EditionKey> Editions, DateTimeOffset FirstPublished, DateTimeOffset? MailAt,
    DateTimeOffset? Modified, ImmutableArray<Correction> Corrections, DateTimeOffset At);

/// <summary>As it was recorded before there were corrections.</summary>
public sealed record ArticleReleasedV1(
    Guid By, TextHash Text, ReleaseKind Kind, ImmutableArray<EditionKey> Editions, DateTimeOffset FirstPublished, DateTimeOffset? MailAt, DateTimeOffset At)
{
    internal ArticleReleased Now => new(By, Text, Kind, Editions, FirstPublished, MailAt, null, [], At);
}

public enum ReleaseKind { First, Update, Correction, Protective }

/// <summary>A change that readers are told of. Minor ones are no news to them and stand in no list.</summary>
public sealed record Correction(CorrectionClass Class, TextHash Note, DateTimeOffset At);

public enum CorrectionClass { Minor, Fact, Clarity, Update }

/// <summary>When mail is to leave, as somebody wished.</summary>
public sealed record MailWish(MailWhen When, DateTimeOffset? At = null)
{
    public static readonly MailWish None = new(MailWhen.None);
    public static readonly MailWish Now = new(MailWhen.Now);

    /// <summary>For what goes out at this moment; null: no mail. An instant that has passed meanwhile is now.</summary>
    public DateTimeOffset? From(DateTimeOffset now) => When switch { MailWhen.None => null, MailWhen.Now => now, _ => At > now ? At : now };

    /// <summary>As a client writes it.</summary>
    public string Say() => When switch { MailWhen.None => "none", MailWhen.Now => "now", _ => $"{At!.Value.UtcDateTime:yyyy-MM-ddTHH:mm:ss.FFFFFFF}Z" };

    /// <param name="mail"><c>none</c>, <c>now</c> or an instant; null: nothing was said.</param>
    public static MailWish? Read(string? mail, DateTimeOffset now) => mail switch
    {
        null => null,
        "none" => None,
        "now" => Now,
        _ => Instant.Read(mail, "mail") is var at && at < now ? throw new RefusedException(new Fault("value.bad-time", "mail")) : new(MailWhen.At, at),
    };
}

public enum MailWhen { None, Now, At }
