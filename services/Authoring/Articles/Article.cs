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
public sealed record ArticleCleared(Guid By, TextHash Text, DateTimeOffset At);
public sealed record ArticleProtected(Guid By, DateTimeOffset At);
public sealed record ArticleAssigned(Guid By, Guid To, DateTimeOffset At);
public sealed record AssignmentEnded(Guid By, Guid From, DateTimeOffset At);
public sealed record ProtectionLifted(Guid By, TextHash Reason, DateTimeOffset At);

/// <summary>Null: it is lifted.</summary>
public sealed record EmbargoSet(Guid By, DateTimeOffset? Until, DateTimeOffset At);

/// <summary>Null editions: everywhere, also where it never stood.</summary>
public sealed record ArticleWithdrawn(Guid By, ImmutableArray<EditionKey>? Editions, TextHash? Reason, DateTimeOffset At);
public sealed record ArticleRetracted(Guid By, TextHash Notice, DateTimeOffset? MailAt, DateTimeOffset At);
public sealed record ArticleTakenDown(Guid By, TextHash? Reason, DateTimeOffset At);
public sealed record TextErased(Guid By, TextHash Text, TextHash? Reason, DateTimeOffset At);

/// <summary>What was written before a protective correction goes with it; it is told after the release that replaces it.</summary>
public sealed record EarlierTextErased(Guid By, TextHash Text, DateTimeOffset At);

/// <summary>Two people issued its text anew.</summary>
public sealed record ArticleReissued(Guid By, Guid As, DateTimeOffset At);

/// <summary>The article begins with the text of one that was taken down: who wrote it there wrote it here, and who knew of it still does.</summary>
public sealed record ArticleDescended(Guid By, Guid From, ImmutableArray<Guid> Writers, ImmutableArray<Guid> Hands, bool Protected, DateTimeOffset At);

/// <summary>The axis of work: what the newest text still needs.</summary>
public enum Work { Drafting, InReview, ChangesRequested, Approved, Cleared }

/// <summary>The axis of publication, as meant by the newsroom; Publishing owns the fact in each edition.</summary>
public enum Release { Unreleased, Scheduled, Live, Withdrawn, Retracted, TakenDown }

static class Endings
{
    /// <summary>Why nothing is done with its text any more, as a code of a refusal; null: it has not ended for good.</summary>
    public static string? Ending(this Release release) => release switch { Release.TakenDown => "article.taken-down", Release.Retracted => "article.retracted", _ => null };
}

/// <summary>A story: one stream.</summary>
/// <param name="Writers">Whoever had a hand in the text since the last one that was reviewed and released; none of them may approve it.</param>
public sealed record Article(Guid Id, Guid Author, TextHash Text, ImmutableArray<EditionKey> Editions, ImmutableArray<Guid> Writers, DateTimeOffset Updated)
{
    /// <summary>Counts events: the ETag, and the version of every message.</summary>
    public long Version { get; init; }
    public int Revision { get; init; } = 1;
    public Work Work { get; init; }
    public Guid? ApprovedBy { get; init; }
    public Guid? ClearedBy { get; init; }
    public TextHash? Note { get; init; }
    public bool Protected { get; init; }
    /// <summary>Whoever ever did something to it but remove it.</summary>
    public ImmutableArray<Guid> Hands { get; init; } = [];
    public ImmutableArray<Guid> Assignees { get; init; } = [];
    public Release Release { get; init; }
    public TextHash? LiveText { get; init; }
    public ImmutableArray<Guid> LiveWriters { get; init; } = [];
    public ImmutableArray<EditionKey> LiveIn { get; init; } = [];
    public ImmutableArray<EditionKey> WithdrawnIn { get; init; } = [];
    public DateTimeOffset? FirstPublished { get; init; }
    public ReleaseKind? LastRelease { get; init; }
    public DateTimeOffset? Modified { get; init; }
    public ImmutableArray<Correction> Corrections { get; init; } = [];
    /// <summary>Of the last release, if it was a correction.</summary>
    public CorrectionClass? LastCorrection { get; init; }
    /// <summary>A text that went live without review, until a second person has approved it.</summary>
    public TextHash? AwaitsReview { get; init; }
    public TextHash? Notice { get; init; }
    public DateTimeOffset? Embargo { get; init; }
    public ImmutableArray<ScheduledRelease> Schedule { get; init; } = [];
    public ImmutableArray<MissedRelease> Missed { get; init; } = [];
    public Proposal? Proposal { get; init; }
    public Guid? ReissuedAs { get; init; }

    /// <summary>Why nothing can become of it any more; null while something can.</summary>
    public string? Ending() => Release.Ending();

    /// <summary>What the newest text lacks before it may leave the house; null: nothing.</summary>
    public string? Lack() => Work is Work.Cleared || Work is Work.Approved && !Protected ? null : Work is Work.Approved ? "article.not-cleared" : "article.not-approved";

    Article Touched(Guid by, DateTimeOffset at) => this with { Hands = Hands.Contains(by) ? Hands : Hands.Add(by), Updated = at };

    // Whoever removes a story need not have seen it whole, and does not come to see it by that.
    Article Removed(DateTimeOffset at) => this with { Updated = at };

    // Of what never went live, nothing is left but the draft once nothing is scheduled.
    Article Settled() => Release is Release.Scheduled or Release.Unreleased ? this with { Release = Schedule.IsEmpty ? Release.Unreleased : Release.Scheduled } : this;

    public static Article Create(IEvent<ArticleDrafted> e) => new(e.StreamId, e.Data.By, e.Data.Text, e.Data.Editions, [e.Data.By], e.Data.At) { Hands = [e.Data.By] };

    public static Article Apply(ArticleDescended e, Article a) => a.Touched(e.By, e.At) with
    {
        Writers = [.. a.Writers.Union(e.Writers)],
        Hands = [.. a.Hands.Union(e.Hands)],
        Protected = e.Protected,
    };

    public static Article Apply(ArticleRevised e, Article a) => a.Touched(e.By, e.At) with
    {
        Text = e.Text,
        Editions = e.Editions,
        Revision = e.Text == a.Text ? a.Revision : a.Revision + 1,
        Work = Work.Drafting,
        ApprovedBy = null,
        ClearedBy = null,
        Note = null,
        // The others are not about these words.
        Proposal = a.Proposal is { Kind: ProposalKind.Republication } ? null : a.Proposal,
        // What is live and reviewed was approved by others: a new text starts from there. Going back to what is live is nobody's new work.
        Writers = e.Text == a.Text ? a.Writers : e.Text == a.LiveText ? [.. a.LiveWriters.Union([e.By])] : a.Text == a.LiveText && a.AwaitsReview is null ? [e.By] : [.. a.Writers.Union([e.By])],
    };

    public static Article Apply(ArticleSubmitted e, Article a) => a.Touched(e.By, e.At) with { Work = Work.InReview };
    public static Article Apply(ChangesRequested e, Article a) => a.Touched(e.By, e.At) with { Work = Work.ChangesRequested, Note = e.Note };

    public static Article Apply(ArticleApproved e, Article a) => a.Touched(e.By, e.At) with
    {
        Work = Work.Approved,
        ApprovedBy = e.By,
        Note = null,
        AwaitsReview = e.Text == a.AwaitsReview ? null : a.AwaitsReview,
    };

    public static Article Apply(ArticleCleared e, Article a) => a.Touched(e.By, e.At) with { Work = Work.Cleared, ClearedBy = e.By };
    public static Article Apply(ArticleProtected e, Article a) => a.Touched(e.By, e.At) with { Protected = true };
    public static Article Apply(ArticleAssigned e, Article a) => a.Touched(e.By, e.At) with { Assignees = a.Assignees.Add(e.To) };
    public static Article Apply(AssignmentEnded e, Article a) => a.Touched(e.By, e.At) with { Assignees = a.Assignees.Remove(e.From) };
    public static Article Apply(ProtectionLifted e, Article a) => a.Touched(e.By, e.At) with { Protected = false };
    public static Article Apply(EmbargoSet e, Article a) => a.Touched(e.By, e.At) with { Embargo = e.Until };

    public static Article Apply(ReleaseScheduled e, Article a) => (a.Touched(e.By, e.At) with
    {
        Schedule = [.. a.Schedule.Where(s => e.Editions.All(n => n.Edition != s.Edition)), .. e.Editions.Select(n => new ScheduledRelease(n.Edition, n.At, e.By, e.Mail))],
        Missed = [.. a.Missed.Where(m => e.Editions.All(n => n.Edition != m.Edition))],
    }).Settled();

    public static Article Apply(ScheduleCancelled e, Article a) => (a.Touched(e.By, e.At) with { Schedule = [] }).Settled();

    public static Article Apply(ReleaseMissed e, Article a) => (a.Touched(e.By, e.At) with
    {
        Schedule = [.. a.Schedule.Where(s => !e.Editions.Contains(s.Edition))],
        Missed = [.. a.Missed.Where(m => !e.Editions.Contains(m.Edition)), .. a.Schedule.Where(s => e.Editions.Contains(s.Edition)).Select(s => new MissedRelease(s.Edition, s.At, e.Why))],
    }).Settled();

    public static Article Apply(ArticleReleasedV1 e, Article a) => Apply(e.Now, a);

    public static Article Apply(ArticleReleased e, Article a)
    {
        var unreviewed = e.Kind is ReleaseKind.Protective;
        var writers = unreviewed ? [.. a.Writers.Union([e.By])] : a.Writers;
        // What is live may go out once more while its successor is written.
        var liveWriters = e.Text == a.Text ? writers : a.LiveWriters;
        return a.Touched(e.By, e.At) with
        {
            Release = Release.Live,
            Work = unreviewed ? Work.InReview : a.Work,
            ApprovedBy = unreviewed ? null : a.ApprovedBy,
            ClearedBy = unreviewed ? null : a.ClearedBy,
            AwaitsReview = unreviewed ? e.Text : e.Text == a.AwaitsReview ? a.AwaitsReview : null,
            Writers = writers,
            LiveText = e.Text,
            LiveWriters = liveWriters,
            LiveIn = e.Editions,
            WithdrawnIn = [.. a.WithdrawnIn.Except(e.Editions)],
            FirstPublished = e.FirstPublished,
            LastRelease = e.Kind,
            LastCorrection = e.Kind is not ReleaseKind.Correction ? null : e.Corrections.Length > a.Corrections.Length ? e.Corrections[^1].Class : CorrectionClass.Minor,
            Modified = e.Modified,
            Corrections = e.Corrections,
            Schedule = [.. a.Schedule.Where(s => !e.Editions.Contains(s.Edition))],
            Missed = [.. a.Missed.Where(m => !e.Editions.Contains(m.Edition))],
            Proposal = null,
        };
    }

    public static Article Apply(RepublicationProposed e, Article a) => a.Touched(e.By, e.At) with { Proposal = new(ProposalKind.Republication, e.By, e.Text, e.Editions, null, e.At) };
    public static Article Apply(ProposalMade e, Article a) => (e.Kind is ProposalKind.Takedown ? a.Removed(e.At) : a.Touched(e.By, e.At)) with { Proposal = new(e.Kind, e.By, e.Text, e.Editions, e.Mail, e.At) };
    public static Article Apply(ProposalDropped e, Article a) => (e.Kind is ProposalKind.Takedown ? a.Removed(e.At) : a.Touched(e.By, e.At)) with { Proposal = null };

    public static Article Apply(ArticleWithdrawn e, Article a)
    {
        var gone = e.Editions ?? [.. a.LiveIn.Union(a.Schedule.Select(s => s.Edition))];
        var left = a.LiveIn.Except(gone).ToImmutableArray();
        var due = a.Schedule.Where(s => !gone.Contains(s.Edition)).ToImmutableArray();
        return a.Removed(e.At) with
        {
            Release = !left.IsEmpty ? Release.Live : a.Release is Release.Scheduled && !due.IsEmpty ? Release.Scheduled : Release.Withdrawn,
            LiveIn = left,
            WithdrawnIn = [.. a.WithdrawnIn.Union(gone)],
            Schedule = due,
            Proposal = null,
        };
    }

    public static Article Apply(ArticleRetracted e, Article a) =>
        a.Touched(e.By, e.At) with { Release = Release.Retracted, Notice = e.Notice, LiveIn = [], Schedule = [], AwaitsReview = null, Proposal = null };

    public static Article Apply(ArticleTakenDown e, Article a) => a.Removed(e.At) with { Release = Release.TakenDown, LiveIn = [], Schedule = [], AwaitsReview = null, Proposal = null };

    public static Article Apply(TextErased e, Article a) => a.Touched(e.By, e.At) with
    {
        Work = e.Text == a.Text ? Work.Drafting : a.Work,
        ApprovedBy = e.Text == a.Text ? null : a.ApprovedBy,
        ClearedBy = e.Text == a.Text ? null : a.ClearedBy,
        Proposal = e.Text == a.Text || e.Text == a.Proposal?.Text ? null : a.Proposal,
    };

    public static Article Apply(EarlierTextErased e, Article a) => a.Touched(e.By, e.At);
    public static Article Apply(ArticleReissued e, Article a) => a.Touched(e.By, e.At) with { ReissuedAs = e.As, Proposal = null };
}
