using Marten;
using Microsoft.Net.Http.Headers;
using Vigil.Authoring.Editions;
using Vigil.Hosting;

namespace Vigil.Authoring.Articles;

/// <summary>An article as the newsroom sees it: its state, its newest words, and where it stands. Past states by version or instant.</summary>
public static class ReadArticle
{
    /// <param name="State"><c>awaiting-second</c> while one person's wish to bring a story back waits for another's.</param>
    /// <param name="Text">Null once erased.</param>
    /// <param name="Actions">The commands that would change something if this caller gave them now.</param>
    public sealed record View(
        Guid Id, long Version, int Revision, Work Work, Release Release, string? State, Guid Author, Guid? ApprovedBy, string? Note,
        IEnumerable<string> Editions, IEnumerable<string> LiveIn, DateTimeOffset? FirstPublished, DateTimeOffset Updated,
        ArticleText? Text, bool Erased, IEnumerable<Place> Places, IEnumerable<string> Actions);

    /// <summary>An address at which the story answers now.</summary>
    public sealed record Place(string Edition, string Url);

    static View Of(Article a, TextLookup texts, IEnumerable<Place> places, IEnumerable<string> actions)
    {
        var text = texts.Find<ArticleText>(a.Text);
        return new(a.Id, a.Version, a.Revision, a.Work, a.Release, a.Proposal is null ? null : "awaiting-second", a.Author, a.ApprovedBy,
            a.Note is { } note ? texts.Find<Reason>(note)?.Words : null, a.Editions.Select(e => e.Value), a.LiveIn.Select(e => e.Value),
            a.FirstPublished, a.Updated, text, text is null, places, actions);
    }

    /// <summary>201 for a new article, 202 while a second person is awaited, else 200; always with its ETag.</summary>
    public static async Task<IResult> Answer(Handled<Article> handled, Command command, IDocumentStore store, CancellationToken ct)
    {
        await using var session = store.QuerySession();
        var actions = ActionsOn(handled.State, command.Caller, command.At);
        return new Answered(await Show(handled.State with { Version = handled.Version }, session, actions, places: false, ct), handled.Created);
    }

    static async Task<View> Show(Article article, IQuerySession session, IEnumerable<string> actions, bool places, CancellationToken ct)
    {
        var texts = await session.ReadTexts(article.Note is { } note ? [article.Text, note] : [article.Text], ct);
        return Of(article, texts, places ? await PlacesOf(article.Id, session, ct) : [], actions);
    }

    static IEnumerable<string> ActionsOn(Article article, Caller caller, DateTimeOffset at) => Articles.Offers.Where(o => o.IsOpen(article, caller, at)).Select(o => o.Name);

    static async Task<IReadOnlyList<Place>> PlacesOf(Guid article, IQuerySession session, CancellationToken ct)
    {
        var live = await session.Query<LivePlace>().Where(p => p.Article == article && p.Slug != null).ToListAsync(ct);
        var editions = (await session.LoadManyAsync<KnownEdition>(ct, live.Select(p => p.Edition).ToArray())).ToDictionary(e => e.Id, e => e.BaseAddress);
        return [.. live.OrderBy(p => p.Edition, StringComparer.Ordinal).Select(p => new Place(p.Edition, $"{editions.GetValueOrDefault(p.Edition)}/news/{p.Slug}"))];
    }

    sealed record Answered(View View, bool Created) : IResult
    {
        public Task ExecuteAsync(HttpContext http)
        {
            http.Response.Headers[HeaderNames.ETag] = $"\"{View.Version}\"";
            http.Response.StatusCode = Created ? 201 : View.State is null ? 200 : 202;
            if (Created) http.Response.Headers.Location = $"{Articles.Path}/{View.Id}";
            return http.Response.WriteAsJsonAsync(View, http.RequestAborted);
        }
    }

    public static void Map(RouteGroupBuilder articles) =>
        articles.MapGet("/{id:guid}", async (Guid id, long? version, DateTimeOffset? at, Caller caller, TimeProvider clock, HttpContext http, IQuerySession session, CancellationToken ct) =>
        {
            if (version is not null && at is not null) return Refusals.Problem("request.bad-query", "at");
            var now = version is null && at is null;
            var article = now ? await session.LoadAsync<Article>(id, ct)
                : version is <= 0 ? null
                : await session.Events.AggregateStreamAsync<Article>(id, version ?? 0, at, token: ct);
            if (!now && article is not null && version > article.Version) article = null;
            if (article is null) return Refusals.Problem(now || await session.LoadAsync<Article>(id, ct) is null ? "article.unknown" : "article.no-such-version");
            var view = await Show(article, session, now ? ActionsOn(article, caller, clock.GetUtcNow()) : [], places: now, ct);
            http.Response.Headers[HeaderNames.ETag] = $"\"{view.Version}\"";
            return Results.Ok(view);
        }).RequireAuthorization(Policy.Staff);
}
