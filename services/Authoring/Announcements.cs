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
            new Lane("releases", typeof(ArticleReleased)),
            new Lane("endings", typeof(ArticleWithdrawn), typeof(ArticleTakenDown), typeof(TextErased)),
        ],
        Cites: e => e.Data is ArticleReleased released ? [released.Text] : [],
        For: (e, texts) => e.Data switch
        {
            ArticleReleased r => texts.Find<ArticleText>(r.Text) is { } text ? Released(e, r, text) : null,
            ArticleWithdrawn w => new Wire.ArticleWithdrawn { ArticleId = e.StreamId, Version = e.Version, Editions = w.Editions?.Select(k => k.Value).ToArray(), At = w.At },
            ArticleTakenDown t => new Wire.ArticleTakenDown { ArticleId = e.StreamId, Version = e.Version, At = t.At },
            TextErased t => new Wire.TextErased { ArticleId = e.StreamId, Version = e.Version, TextHash = t.Text.Value },
            _ => null,
        },
        Ledger: new((services, facts, ct) => services.GetRequiredService<Ledger>().Add([.. facts.Select(Removal).OfType<Ledger.Removal>()], ct),
            typeof(ArticleWithdrawn), typeof(ArticleTakenDown), typeof(TextErased)));

    static Ledger.Removal? Removal(Fact e) => e.Data switch
    {
        ArticleWithdrawn w => new(e.Id, e.StreamId, e.Version, Ledger.Kind.Withdrawn, w.Editions?.Select(k => k.Value).ToArray(), null, w.At),
        ArticleTakenDown t => new(e.Id, e.StreamId, e.Version, Ledger.Kind.TakenDown, null, null, t.At),
        TextErased t => new(e.Id, e.StreamId, e.Version, Ledger.Kind.TextErased, null, t.Text, t.At),
        _ => null,
    };

    static Wire.ArticleReleased Released(Fact e, ArticleReleased r, ArticleText text) => new()
    {
        ArticleId = e.StreamId,
        Version = e.Version,
        Kind = Enum.Parse<Wire.ReleaseKind>(r.Kind.ToString()),
        Editions = [.. r.Editions.Select(k => k.Value)],
        At = r.At,
        FirstPublished = r.FirstPublished,
        TextHash = r.Text.Value,
        MailAt = r.MailAt,
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
}
