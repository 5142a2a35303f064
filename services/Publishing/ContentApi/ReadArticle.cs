using Marten;
using Vigil.Hosting;
using Vigil.Publishing.Publications;
using Vigil.Publishing.Site;

namespace Vigil.Publishing.ContentApi;

/// <summary>One live story, by its address or by its article's id. A story that was removed for good says so, and nothing else.</summary>
public static class ReadArticle
{
    public static void Map(RouteGroupBuilder edition)
    {
        edition.MapPublic("/articles/{slug}", async (string slug, NamedEdition named, IQuerySession session, CancellationToken ct) =>
            await session.ReadStory(named.Edition.Key, slug, ct) is { } story
                ? await Show(named.Edition, story)
                : Absent(await session.IsGone(named.Edition.Key, slug, ct))).Takes();

        edition.MapPublic("/articles/by-id/{id}", async (string id, NamedEdition named, IQuerySession session, CancellationToken ct) =>
        {
            if (!Guid.TryParseExact(id, "D", out var article)) return Absent(gone: false);
            var publication = Publication.IdOf(article, named.Edition.Key);
            return await session.LoadAsync<PublicArticle>(publication, ct) is { } story
                ? await Show(named.Edition, story)
                : Absent(await session.Query<SlugReservation>().AnyAsync(s => s.Publication == publication && s.Gone, ct));
        }).Takes();
    }

    static async Task<IResult> Show(ServedEdition edition, PublicArticle story) => ArticleItem.Answer(await ArticleItem.Of(edition, story));

    static IResult Absent(bool gone) => Refusals.Problem(gone ? "publication.gone" : "publication.unknown");
}
