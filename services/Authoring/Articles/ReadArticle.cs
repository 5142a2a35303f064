using Marten;
using Microsoft.Net.Http.Headers;
using Vigil.Hosting;

namespace Vigil.Authoring.Articles;

/// <summary>An article as it is, with what its reader may do now; to those who see it whole also as it was at a version or an instant.</summary>
public static class ReadArticle
{
    /// <summary>201 for a new article, 202 while a second person is awaited for what the command proposes, else 200; always with its ETag.</summary>
    public static async Task<IResult> Answer(Handled<Article> handled, Command command, ProposalKind? proposes, IDocumentStore store, CancellationToken ct)
    {
        await using var session = store.QuerySession();
        var article = handled.State with { Version = handled.Version };
        var view = await ArticleView.Of(article, command.At, Sight.IsWhole(article, command.Caller), ActionsOn(article, command.Caller, command.At), [], session, ct);
        return new Answered(view, handled.Created, view.Proposal is { } waiting && waiting.Kind == proposes);
    }

    internal static IEnumerable<string> ActionsOn(Article article, Caller caller, DateTimeOffset at) => Articles.Offers.Where(o => o.IsOpen(article, caller, at)).Select(o => o.Name);

    sealed record Answered(ArticleView View, bool Created, bool Awaits) : IResult
    {
        public Task ExecuteAsync(HttpContext http)
        {
            http.Response.Headers[HeaderNames.ETag] = $"\"{View.Version}\"";
            http.Response.StatusCode = Created ? 201 : Awaits ? 202 : 200;
            if (Created) http.Response.Headers.Location = $"{Articles.Path}/{View.Id}";
            return http.Response.WriteAsJsonAsync(View, http.RequestAborted);
        }
    }

    public static void Map(RouteGroupBuilder articles) =>
        articles.MapGet("/{id:guid}", async (Guid id, long? version, DateTimeOffset? at, Caller caller, TimeProvider clock, HttpContext http, IQuerySession session, CancellationToken ct) =>
        {
            if (version is not null && at is not null) return Refusals.Problem("request.bad-query", "at");
            if (await session.LoadAsync<Article>(id, ct) is not { } article || !Sight.Reads(article, caller)) return Refusals.Problem("article.unknown");
            var (now, whole) = (version is null && at is null, Sight.IsWhole(article, caller));
            if (!now && !whole) return Refusals.Problem("auth.forbidden");
            if (!now)
            {
                var past = version is <= 0 ? null : await session.Events.AggregateStreamAsync<Article>(id, version ?? 0, at, token: ct);
                if (past is null || version > past.Version) return Refusals.Problem("article.no-such-version");
                article = past;
            }
            var moment = now ? clock.GetUtcNow() : article.Updated;
            var view = await ArticleView.Of(article, moment, whole, now ? ActionsOn(article, caller, moment) : [], now ? await ArticleView.PlacesOf(id, session, ct) : [], session, ct);
            http.Response.Headers[HeaderNames.ETag] = $"\"{view.Version}\"";
            return Results.Ok(view);
        }).RequireAuthorization(Policy.Staff);
}
