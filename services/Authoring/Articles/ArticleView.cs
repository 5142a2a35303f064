using Marten;
using Vigil.Authoring.Editions;
using Vigil.Hosting;

namespace Vigil.Authoring.Articles;

/// <summary>An article as somebody of the newsroom sees it.</summary>
/// <param name="State"><c>awaiting-second</c> while one person's wish waits for another's; <c>awaiting-review</c> while a text is live that nobody else has read.</param>
/// <param name="Text">Null once erased, and for whoever does not see it.</param>
/// <param name="Ahead">Readers still see an earlier text.</param>
/// <param name="Actions">The commands that would change something if this caller gave them now.</param>
public sealed record ArticleView(
    Guid Id, long Version, int Revision, Work Work, Release Release, string? State, Guid Author, Guid? ApprovedBy, Guid? ClearedBy, bool Protected, IEnumerable<Guid> Assignees, string? Note,
    IEnumerable<string> Editions, IEnumerable<string> LiveIn, DateTimeOffset? FirstPublished, DateTimeOffset? Modified, DateTimeOffset Updated,
    ArticleText? Text, bool Erased, bool Ahead, IEnumerable<ArticleView.Told> Corrections, RetractionNotice? Notice, DateTimeOffset? Embargo,
    IEnumerable<ArticleView.Scheduled> Schedule, IEnumerable<ArticleView.MissedIn> Missed, ArticleView.Wish? Proposal, Guid? ReissuedAs,
    IEnumerable<ArticleView.Place> Places, IEnumerable<string> Actions)
{
    /// <summary>An address at which the story answers now.</summary>
    public sealed record Place(string Edition, string Url);

    /// <summary>A correction that readers were told of; no note once erased.</summary>
    public sealed record Told(CorrectionClass Class, string? Note, DateTimeOffset At);

    /// <summary>The same moment twice: as an instant, and on the wall in the edition's zone.</summary>
    public sealed record Scheduled(string Edition, DateTimeOffset At, DateTimeOffset Local, string Zone, Guid By, string Mail);

    /// <summary>What was due and did not go out; the code says why.</summary>
    public sealed record MissedIn(string Edition, DateTimeOffset At, string Code);

    /// <summary>What waits for a second person, who sends the same.</summary>
    public sealed record Wish(ProposalKind Kind, Guid By, DateTimeOffset At, DateTimeOffset Until, IEnumerable<string> Editions, string? Mail, string? Notice, string? Reason);

    /// <param name="at">The moment as of which it is seen.</param>
    /// <param name="whole">Else only what is live, and of what is not live any more only where it stands.</param>
    public static async Task<ArticleView> Of(Article a, DateTimeOffset at, bool whole, IEnumerable<string> actions, IReadOnlyList<Place> places, IQuerySession session, CancellationToken ct)
    {
        // What was said, planned and asked for of it is as dark as its words; but a second person for a takedown is still called.
        if (!whole && a.Release is not Release.Live)
            a = a with
            {
                ApprovedBy = null, ClearedBy = null, Editions = a.WithdrawnIn, Corrections = [], Embargo = null, Schedule = [], Missed = [], Proposal = a.Proposal is { Kind: ProposalKind.Takedown } ? a.Proposal : null,
            };
        // On duty, what is live and nothing that was written since.
        var shown = whole ? a.Text : a.Release is Release.Live ? a.LiveText : null;
        var proposal = a.Proposal is { } p && p.Awaits(at) ? p : null;
        var texts = await session.ReadTexts(new[] { shown, a.Note, a.Notice, proposal?.Text }.OfType<TextHash>().Concat(a.Corrections.Select(c => c.Note)), ct);
        var text = shown is { } hash ? texts.Find<ArticleText>(hash) : null;
        var zones = await KnownEdition.Zones(session, a.Schedule.Select(s => s.Edition.Value), ct);
        var notice = proposal is { Kind: ProposalKind.Retraction, Text: { } proposed } && whole ? texts.Find<RetractionNotice>(proposed) : null;
        return new(a.Id, a.Version, a.Revision, a.Work, a.Release, StateOf(a, at),
            a.Author, a.ApprovedBy, a.ClearedBy, a.Protected, whole ? a.Assignees : [], whole && a.Note is { } note ? texts.Find<Reason>(note)?.Words : null,
            a.Editions.Select(e => e.Value), a.LiveIn.Select(e => e.Value), a.FirstPublished, a.Modified, a.Updated, text, shown is not null && text is null, whole && a.Release is Release.Live && a.Text != a.LiveText,
            a.Corrections.Select(c => new Told(c.Class, texts.Find<Reason>(c.Note)?.Words, c.At)), a.Notice is { } shownNotice ? texts.Find<RetractionNotice>(shownNotice) : null, a.Embargo,
            a.Schedule.OrderBy(s => s.At).Select(s => new Scheduled(s.Edition.Value, s.At, TimeZoneInfo.ConvertTime(s.At, zones[s.Edition.Value]), zones[s.Edition.Value].Id, s.By, s.Mail.Say())),
            MissedOf(a),
            proposal is null ? null : new(proposal.Kind, proposal.By, proposal.At, proposal.Until(), proposal.Editions.Select(e => e.Value), proposal.Mail?.Say(), notice?.Notice, notice?.Reason),
            a.ReissuedAs, places, actions);
    }

    public static string? StateOf(Article a, DateTimeOffset at) => a.Proposal?.Awaits(at) is true ? "awaiting-second" : a.AwaitsReview is not null ? "awaiting-review" : null;

    public static IEnumerable<MissedIn> MissedOf(Article a) => a.Missed.Select(m => new MissedIn(m.Edition.Value, m.At, ReleaseDue.Reasons[m.Why]));

    public static async Task<IReadOnlyList<Place>> PlacesOf(Guid article, IQuerySession session, CancellationToken ct)
    {
        var live = await session.Query<LivePlace>().Where(p => p.Article == article && p.Slug != null).ToListAsync(ct);
        var editions = (await session.LoadManyAsync<KnownEdition>(ct, live.Select(p => p.Edition).ToArray())).ToDictionary(e => e.Id, e => e.BaseAddress);
        return [.. live.OrderBy(p => p.Edition, StringComparer.Ordinal).Select(p => new Place(p.Edition, $"{editions.GetValueOrDefault(p.Edition)}/news/{p.Slug}"))];
    }
}
