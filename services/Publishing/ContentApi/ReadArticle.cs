using Marten;
using Vigil.Hosting;
using Vigil.Publishing.Publications;
using Vigil.Publishing.Site;

namespace Vigil.Publishing.ContentApi;

/// <summary>One story, by its address or by its article's id. One that was retracted is its notice; one that was removed for good says so, and nothing else.</summary>
public static class ReadArticle
{
    public static void Map(RouteGroupBuilder edition)
    {
        edition.MapPublic("/articles/{slug}", async (string slug, NamedEdition named, IQuerySession session, CancellationToken ct) =>
        {
            if (await session.ReadStory(named.Edition.Key, slug, ct) is { } story) return await Show(named.Edition, story);
            var (isGone, retracted) = await session.ReadPast(named.Edition.Key, slug, ct);
            return Past(named.Edition, isGone, retracted);
        }).Takes();

        edition.MapPublic("/articles/by-id/{id}", async (string id, NamedEdition named, IQuerySession session, CancellationToken ct) =>
        {
            if (!Guid.TryParseExact(id, "D", out var article)) return Past(named.Edition, isGone: false, null);
            var publication = Publication.IdOf(article, named.Edition.Key);
            if (await session.LoadAsync<PublicArticle>(publication, ct) is { } story) return await Show(named.Edition, story.Noted());
            if (await session.LoadAsync<RetractedArticle>(publication, ct) is { } retracted) return Past(named.Edition, isGone: false, retracted.Noted());
            var gate = (await session.LoadAsync<GateRow>(article, ct))?.Gate;
            return Past(named.Edition, gate is { TakenDown: true } && gate.Editions.GetValueOrDefault(named.Edition.Key)?.Started == true, null);
        }).Takes();
    }

    static async Task<IResult> Show(ServedEdition edition, PublicArticle story) => ArticleItem.Answer(await ArticleItem.Of(edition, story));

    static IResult Past(ServedEdition edition, bool isGone, RetractedArticle? retracted) =>
        retracted is not null ? ArticleItem.Answer(ArticleItem.Of(edition, retracted)) : Refusals.Problem(isGone ? "publication.gone" : "publication.unknown");
}
