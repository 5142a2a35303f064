using System.Collections.Immutable;
using JasperFx.Events;
using Vigil.Hosting;

namespace Vigil.Authoring.Articles;

// Facts only: ids, hashes, keys, numbers, times. Words stand in texts, which can be erased.
public sealed record ArticleDrafted(Guid By, TextHash Text, ImmutableArray<EditionKey> Editions, DateTimeOffset At);
public sealed record ArticleRevised(Guid By, TextHash Text, ImmutableArray<EditionKey> Editions, DateTimeOffset At);
public sealed record ArticleSubmitted(Guid By, TextHash Text, DateTimeOffset At);
public sealed record ChangesRequested(Guid By, TextHash Text, TextHash Note, DateTimeOffset At);
public sealed record ArticleApproved(Guid By, TextHash Text, DateTimeOffset At);

/// <summary>Editions is the full list of where the article is meant to stand from now on.</summary>
public sealed record ArticleReleased(
    Guid By, TextHash Text, ReleaseKind Kind, ImmutableArray<EditionKey> Editions, DateTimeOffset FirstPublished, DateTimeOffset? MailAt, DateTimeOffset At);

/// <summary>One person wants a withdrawn story back; it waits for another.</summary>
public sealed record RepublicationProposed(Guid By, TextHash Text, ImmutableArray<EditionKey> Editions, DateTimeOffset At);

/// <summary>Null editions: everywhere, also where it never stood.</summary>
public sealed record ArticleWithdrawn(Guid By, ImmutableArray<EditionKey>? Editions, TextHash? Reason, DateTimeOffset At);
public sealed record ArticleTakenDown(Guid By, TextHash? Reason, DateTimeOffset At);
public sealed record TextErased(Guid By, TextHash Text, TextHash? Reason, DateTimeOffset At);

public enum ReleaseKind { First, Update, Correction, Protective }

/// <summary>The axis of work: what the newest text still needs.</summary>
public enum Work { Drafting, InReview, ChangesRequested, Approved }

/// <summary>The axis of publication, as meant by the newsroom; Publishing owns the fact in each edition.</summary>
public enum Release { Unreleased, Live, Withdrawn, TakenDown }

public sealed record Proposal(Guid By, TextHash Text, ImmutableArray<EditionKey> Editions, DateTimeOffset At)
{
    public static readonly TimeSpan Stands = TimeSpan.FromHours(24);
}

/// <summary>A story: one stream.</summary>
/// <param name="Writers">Whoever had a hand in the text since the last release; none of them may approve it.</param>
public sealed record Article(Guid Id, Guid Author, TextHash Text, ImmutableArray<EditionKey> Editions, ImmutableArray<Guid> Writers, DateTimeOffset Updated)
{
    /// <summary>Counts events: the ETag, and the version of every message.</summary>
    public long Version { get; init; }
    public int Revision { get; init; } = 1;
    public Work Work { get; init; }
    public Guid? ApprovedBy { get; init; }
    public TextHash? Note { get; init; }
    public Release Release { get; init; }
    public TextHash? LiveText { get; init; }
    public ImmutableArray<Guid> LiveWriters { get; init; } = [];
    public ImmutableArray<EditionKey> LiveIn { get; init; } = [];
    public ImmutableArray<EditionKey> WithdrawnIn { get; init; } = [];
    public DateTimeOffset? FirstPublished { get; init; }
    public Proposal? Proposal { get; init; }

    public static Article Create(IEvent<ArticleDrafted> e) => new(e.StreamId, e.Data.By, e.Data.Text, e.Data.Editions, [e.Data.By], e.Data.At);

    public static Article Apply(ArticleRevised e, Article a) => a with
    {
        Text = e.Text,
        Editions = e.Editions,
        Revision = e.Text == a.Text ? a.Revision : a.Revision + 1,
        Work = Work.Drafting,
        ApprovedBy = null,
        Note = null,
        Proposal = null,
        // What is live was approved by others: a new text starts from there, and going back to it is nobody's new work.
        Writers = e.Text == a.Text ? a.Writers : e.Text == a.LiveText ? [.. a.LiveWriters.Union([e.By])] : a.Text == a.LiveText ? [e.By] : [.. a.Writers.Union([e.By])],
        Updated = e.At,
    };

    public static Article Apply(ArticleSubmitted e, Article a) => a with { Work = Work.InReview, Updated = e.At };
    public static Article Apply(ChangesRequested e, Article a) => a with { Work = Work.ChangesRequested, Note = e.Note, Updated = e.At };
    public static Article Apply(ArticleApproved e, Article a) => a with { Work = Work.Approved, ApprovedBy = e.By, Note = null, Updated = e.At };

    public static Article Apply(ArticleReleased e, Article a) => a with
    {
        Release = Release.Live,
        LiveText = e.Text,
        LiveWriters = a.Writers,
        LiveIn = e.Editions,
        WithdrawnIn = [.. a.WithdrawnIn.Except(e.Editions)],
        FirstPublished = e.FirstPublished,
        Proposal = null,
        Updated = e.At,
    };

    public static Article Apply(RepublicationProposed e, Article a) => a with { Proposal = new(e.By, e.Text, e.Editions, e.At), Updated = e.At };

    public static Article Apply(ArticleWithdrawn e, Article a)
    {
        var gone = e.Editions ?? a.LiveIn;
        var left = a.LiveIn.Except(gone).ToImmutableArray();
        return a with
        {
            Release = left.IsEmpty ? Release.Withdrawn : Release.Live,
            LiveIn = left,
            WithdrawnIn = [.. a.WithdrawnIn.Union(gone)],
            Proposal = null,
            Updated = e.At,
        };
    }

    public static Article Apply(ArticleTakenDown e, Article a) => a with { Release = Release.TakenDown, LiveIn = [], Proposal = null, Updated = e.At };

    public static Article Apply(TextErased e, Article a) => e.Text == a.Text
        ? a with { Work = Work.Drafting, ApprovedBy = null, Proposal = null, Updated = e.At }
        : a with { Updated = e.At };
}
