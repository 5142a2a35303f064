using JasperFx.Events;
using Vigil.Contracts.Authoring;
using Vigil.Hosting;
using Vigil.Publishing.Editions;
using Vigil.Publishing.Publications;
using Wire = Vigil.Contracts.Publishing;

namespace Vigil.Publishing;

/// <summary>What Publishing tells the others: the one place where its own words and the contracts meet.</summary>
static class Announcements
{
    public static Hosting.Announcements All { get; } = new(
        [
            new Lane("publications", typeof(PublicationReleasedV1), typeof(PublicationReleased), typeof(PublicationRevisedV1), typeof(PublicationRevised), typeof(EditionSet)),
            new Lane("endings", typeof(PublicationWithdrawn), typeof(PublicationRetracted), typeof(PublicationTakenDown)),
        ],
        Cites: e => e.Data is EditionSet set ? [set.Settings] : PublicRows.Cites(e),
        For: (e, texts) => Publication.Today(e.Data) switch
        {
            PublicationReleased r => Text(texts, r.Text, r.Slug) is { } text
                ? new Wire.PublicationWentLive
                {
                    ArticleId = r.Article, Edition = r.Edition.Value, Version = r.Version, At = r.At, MailAt = r.MailAt, TextHash = r.Text.Value, Text = text,
                }
                : null,
            PublicationRevised r => Text(texts, r.Text, r.Slug) is { } text
                ? new Wire.PublicationChanged
                {
                    ArticleId = r.Article, Edition = r.Edition.Value, Version = r.Version, At = r.At, TextHash = r.Text.Value, Text = text,
                    ForgetBefore = r.Kind is ReleaseKind.Protective ? r.Version : null,
                    Correction = r.Tells && r.Corrections is [.., var newest] && texts.Find<NoteText>(newest.Note) is { } note ? new(Enum.Parse<Wire.CorrectionClass>(newest.Class.ToString()), note.Note) : null,
                    MailAt = r.MailAt,
                }
                : null,
            PublicationWithdrawn w => Ended(w.Article, w.Edition, w.Version, Wire.Ending.Withdrawn, w.At),
            PublicationRetracted r => Retracted(r, texts),
            PublicationTakenDown t => Ended(t.Article, t.Edition, t.Version, Wire.Ending.TakenDown, t.At),
            EditionSet set => texts.Find<EditionSettings>(set.Settings) is { } s
                ? new Wire.EditionChanged
                {
                    Key = set.Key.Value, Version = e.Version, Name = s.Name, Hosts = s.Hosts, Language = s.Language, TimeZone = s.TimeZone, Theme = s.Theme,
                    Sender = new(s.Sender.Name, s.Sender.Address), BaseAddress = s.BaseAddress,
                }
                : null,
            _ => null,
        });

    static Wire.PublicationEnded Ended(Guid article, EditionKey edition, long version, Wire.Ending ending, DateTimeOffset at) =>
        new() { ArticleId = article, Edition = edition.Value, Version = version, Ending = ending, At = at };

    static Wire.PublicationEnded Retracted(PublicationRetracted r, TextLookup texts)
    {
        var text = r is { Kept: { } kept, Slug: { } slug } && texts.Find<RetractedStory>(kept) is { } story && texts.Find<SlugText>(slug) is { } address
            ? new Wire.PublishedText { Headline = story.Headline, Slug = address.Slug, Language = story.Language, Countries = story.Countries, Topics = story.Topics }
            : null;
        return Ended(r.Article, r.Edition, r.Version, Wire.Ending.Retracted, r.At) with
        {
            NoticeHash = r.Notice.Value, Notice = texts.Find<RetractionNotice>(r.Notice) is { } n ? new(n.Notice, n.Reason) : null, MailAt = r.MailAt,
            TextHash = text is null ? null : r.Text?.Value, Text = text,
        };
    }

    static Wire.PublishedText? Text(TextLookup texts, TextHash text, TextHash slug) =>
        texts.Find<ReleasedText>(text) is { } words && texts.Find<SlugText>(slug) is { } address
            ? new() { Headline = words.Headline, Standfirst = words.Standfirst, Slug = address.Slug, Language = words.Language, Countries = words.Countries, Topics = words.Topics }
            : null;
}
