using Vigil.Notification.Editions;

namespace Vigil.Notification.Pages;

/// <summary>A page for readers: works without script, in the look of the edition's site.</summary>
public static class Page
{
    public static IResult Answer(Edition? edition, Phrases phrases, string title, Html body, int status = StatusCodes.Status200OK) => new Shown(Html.Of(
        $"""
        <!doctype html>
        <html lang="{phrases.Tag}" data-theme="{edition?.Theme ?? "ink"}">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="robots" content="noindex">
        <title>{title}{(edition is null ? null : $" – {edition.Name}")}</title>
        <link rel="icon" type="image/svg+xml" href="/assets/favicon.svg">
        <link rel="stylesheet" href="/assets/site.css">
        </head>
        <body>
        {(edition is null ? null : Html.Of($"<a class=\"skip\" href=\"#content\">{phrases.SkipToContent}</a>\n<header><a href=\"/\">{edition.Name}</a></header>\n"))}<main class="page" id="content" tabindex="-1">
        <h1>{title}</h1>
        {body}
        </main>
        </body>
        </html>

        """), status);

    public static Html Button(string words) => Html.Of($"<button class=\"button\" type=\"submit\">{words}</button>");

    /// <summary>Nothing on the way may keep these pages, and their addresses, which open something, are told to nobody.</summary>
    sealed class Shown(Html page, int status) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers.CacheControl = "no-store";
            httpContext.Response.Headers["Referrer-Policy"] = "no-referrer";
            httpContext.Response.Headers["X-Robots-Tag"] = "noindex";
            return Results.Content(page.Value, "text/html; charset=utf-8", statusCode: status).ExecuteAsync(httpContext);
        }
    }
}
