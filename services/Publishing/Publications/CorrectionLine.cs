using Marten;
using Vigil.Contracts.Authoring;
using Vigil.Hosting;

namespace Vigil.Publishing.Publications;

/// <summary>One line of an edition's list of corrections, newest first; it holds all that the list shows, and goes with its publication.</summary>
/// <param name="Class">Null: the story was retracted.</param>
/// <param name="Headline">Null where a retracted story's is erased; so its slug, its language and its note.</param>
public sealed record CorrectionLine(
    Guid Id, Guid Article, long Version, string Edition, DateTimeOffset At, Guid Publication, CorrectionClass? Class, string? Headline, string? Slug, string? Language, string? Note)
{
    public static void Register(StoreOptions store) => store.Schema.For<CorrectionLine>().Index(l => l.Publication).Index([l => l.Edition, l => l.At, l => l.Id]);

    public static CorrectionLine[] Of(PublicArticle story) =>
        [.. story.Corrections.Reverse().Select((c, n) => new CorrectionLine(
            Uuid.From("correction", story.Id, n), story.Article, story.Version, story.Edition, c.At, story.Id, c.Class, story.Text.Headline, story.Slug, story.Text.Language, c.Note))];

    public static CorrectionLine Of(RetractedArticle story) => new(
        Uuid.From("correction", story.Id, "retraction"), story.Article, story.Version, story.Edition, story.At, story.Id, Class: null, story.Story?.Headline, story.Slug, story.Story?.Language, story.Notice?.Notice);
}
