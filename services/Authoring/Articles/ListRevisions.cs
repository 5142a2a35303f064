using JasperFx.Events;
using Marten;
using Vigil.Hosting;

namespace Vigil.Authoring.Articles;

/// <summary>The saved states of an article's words, oldest first. An erased one keeps its line without its words.</summary>
public static class ListRevisions
{
    public sealed record Revision(int Number, long Version, TextHash Text, Guid By, DateTimeOffset At);

    public sealed record Item(int Number, long Version, Guid By, DateTimeOffset At, string? Headline, bool Erased);

    public sealed record View(IReadOnlyList<Item> Items);

    public static IEnumerable<Revision> In(IEnumerable<IEvent> stream)
    {
        var number = 0;
        TextHash? last = null;
        foreach (var e in stream)
        {
            var (text, by, at) = e.Data switch
            {
                ArticleDrafted d => (d.Text, d.By, d.At),
                ArticleRevised r => (r.Text, r.By, r.At),
                _ => default,
            };
            if (text.Value is null || text == last) continue;
            last = text;
            yield return new(++number, e.Version, text, by, at);
        }
    }

    static Item Of(Revision r, ArticleText? text) => new(r.Number, r.Version, r.By, r.At, text?.Headline, text is null);

    public static void Map(RouteGroupBuilder articles) =>
        articles.MapGet("/{id:guid}/revisions", async (Guid id, Caller caller, IQuerySession session, CancellationToken ct) =>
        {
            if (await session.LoadAsync<Article>(id, ct) is not { } article || !Sight.IsWhole(article, caller)) return Refusals.Problem("article.unknown");
            var revisions = In(await session.Events.FetchStreamAsync(id, token: ct)).ToArray();
            var texts = await session.ReadTexts(revisions.Select(r => r.Text), ct);
            return Results.Ok(new View([.. revisions.Select(r => Of(r, texts.Find<ArticleText>(r.Text)))]));
        }).RequireAuthorization(Policy.Drafts);
}
