using JasperFx.Events;
using Vigil.Authoring.Articles;
using Vigil.Hosting;
using Wire = Vigil.Contracts.Authoring;

namespace Vigil.Authoring;

/// <summary>What Authoring tells the others: the one place where its own words and the contracts meet.</summary>
static class Announcements
{
    public static Hosting.Announcements All { get; } = new(
        [
            // What a protective correction erases follows the release that takes its place, so that no page is dark between the two.
            new Lane("releases", typeof(ArticleReleasedV1), typeof(ArticleReleased), typeof(EarlierTextErased)),
            new Lane("endings", typeof(ArticleWithdrawn), typeof(ArticleRetracted), typeof(ArticleTakenDown), typeof(TextErased)),
        ],
        Cites: e => e.Data switch
        {
            ArticleReleasedV1 r => [r.Text],
            ArticleReleased r => [r.Text, .. r.Corrections.Select(c => c.Note)],
            ArticleRetracted r => [r.Notice],
            _ => Enumerable.Empty<TextHash>(),
        },
        For: (e, texts) => e.Data switch
        {
            ArticleReleasedV1 r => Released(e, r.Now, texts),
            ArticleReleased r => Released(e, r, texts),
            ArticleWithdrawn w => new Wire.ArticleWithdrawn { ArticleId = e.StreamId, Version = e.Version, Editions = w.Editions?.Select(k => k.Value).ToArray(), At = w.At },
            ArticleRetracted r => Retracted(e, r, texts),
            ArticleTakenDown t => new Wire.ArticleTakenDown { ArticleId = e.StreamId, Version = e.Version, At = t.At },
            TextErased t => new Wire.TextErased { ArticleId = e.StreamId, Version = e.Version, TextHash = t.Text.Value },
            EarlierTextErased t => new Wire.TextErased { ArticleId = e.StreamId, Version = e.Version, TextHash = t.Text.Value },
            _ => null,
        },
        Ledger: new((services, facts, ct) => services.GetRequiredService<Ledger>().Add([.. facts.Select(Removal).OfType<Ledger.Removal>()], ct),
            typeof(ArticleWithdrawn), typeof(ArticleRetracted), typeof(ArticleTakenDown), typeof(TextErased), typeof(EarlierTextErased)));

    static Ledger.Removal? Removal(Fact e) => e.Data switch
    {
        ArticleWithdrawn w => new(e.Id, e.StreamId, e.Version, Ledger.Kind.Withdrawn, w.Editions?.Select(k => k.Value).ToArray(), null, w.At),
        ArticleRetracted r => new(e.Id, e.StreamId, e.Version, Ledger.Kind.Retracted, null, null, r.At),
        ArticleTakenDown t => new(e.Id, e.StreamId, e.Version, Ledger.Kind.TakenDown, null, null, t.At),
        TextErased t => new(e.Id, e.StreamId, e.Version, Ledger.Kind.TextErased, null, t.Text, t.At),
        EarlierTextErased t => new(e.Id, e.StreamId, e.Version, Ledger.Kind.TextErased, null, t.Text, t.At),
        _ => null,
    };

    static Wire.ArticleReleased? Released(Fact e, ArticleReleased r, TextLookup texts) => texts.Find<ArticleText>(r.Text) is not { } text ? null : new()
    {
        ArticleId = e.StreamId,
        Version = e.Version,
        Kind = Enum.Parse<Wire.ReleaseKind>(r.Kind.ToString()),
        Editions = [.. r.Editions.Select(k => k.Value)],
        At = r.At,
        FirstPublished = r.FirstPublished,
        TextHash = r.Text.Value,
        MailAt = r.MailAt,
        Modified = r.Modified,
        // A note that was erased is told no more.
        Corrections = [.. r.Corrections.Select(c => (c, note: texts.Find<Reason>(c.Note))).Where(c => c.note is not null)
            .Select(c => new Wire.Correction(c.c.At, Enum.Parse<Wire.CorrectionClass>(c.c.Class.ToString()), c.note!.Words))],
        Text = new()
        {
            Headline = text.Headline,
            Standfirst = text.Standfirst,
            Body = [.. ArticleBody.Render(text.Body).Select(b => new Wire.Block(b.Html, b.Part is { } part ? Enum.Parse<Wire.Part>(part.ToString()) : null, b.Number))],
            Language = text.Language,
            Slug = text.Slug ?? Slugs.From(text.Headline),
            Byline = text.Byline switch
            {
                { Kind: BylineKind.Named } b => new(Wire.BylineKind.Named, b.Name),
                { Kind: BylineKind.Desk } => new(Wire.BylineKind.Desk, null),
                _ => null,
            },
            Countries = text.Countries ?? [],
            Topics = text.Topics ?? [],
            Quotations = [.. (text.Quotations ?? []).Select(q => new Wire.Quotation(q.Text, Enum.Parse<Wire.Attribution>(q.Attribution.ToString()), q.As))],
            PrayerPoints = text.PrayerPoints is { } p ? new(p.Lead, p.Points) : null,
            Related = [.. (text.Related ?? []).Select(c => new Wire.Call(c.Title, c.Url, c.Text))],
            Disclosures = [.. (text.Disclosures ?? []).Select(d => Enum.Parse<Wire.Disclosure>(d.ToString()))],
        },
    };

    // Without its notice there is nothing to show: the story is dark then.
    static object Retracted(Fact e, ArticleRetracted r, TextLookup texts) => texts.Find<RetractionNotice>(r.Notice) is not { } notice
        ? new Wire.ArticleWithdrawn { ArticleId = e.StreamId, Version = e.Version, At = r.At }
        : new Wire.ArticleRetracted { ArticleId = e.StreamId, Version = e.Version, At = r.At, NoticeHash = r.Notice.Value, Notice = new(notice.Notice, notice.Reason), MailAt = r.MailAt };
}
