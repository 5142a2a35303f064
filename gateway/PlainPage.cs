using System.Net.Mime;
using Microsoft.Net.Http.Headers;
using Vigil.Hosting;

namespace Vigil.Gateway;

/// <summary>
/// What the gateway itself has to say: a page to whoever reads pages, when it is not for them, when there is none, none any more or its service does not answer, and a problem document to
/// programs. The page is made of nothing that was asked for.
/// </summary>
static class PlainPage
{
    sealed record Words(string Language, Text Closed, Text Missing, Text Gone, Text Away, string Home);

    sealed record Text(string Title, string Why);

    static readonly Words English = new("en", new("This is not open to you", "Your account has no role for it. An administrator can give it one."), new("There is no such page here", "The address may be mistyped, or the page may have moved."),
        new("This page has been removed", "It will not come back."), new("This page cannot be shown just now", "Please try again in a moment."), "Go to the front page");

    static readonly Words German = new("de", new("Das steht Ihnen nicht offen", "Ihr Konto hat keine Rolle dafür. Wer Konten verwaltet, kann ihm eine geben."), new("Diese Seite gibt es hier nicht", "Vielleicht ist die Adresse falsch geschrieben, oder die Seite ist umgezogen."),
        new("Diese Seite wurde entfernt", "Sie kommt nicht zurück."), new("Diese Seite lässt sich gerade nicht anzeigen", "Bitte versuchen Sie es gleich noch einmal."), "Zur Startseite");

    public static IResult Or(HttpContext http, string code)
    {
        var status = Refusals.Of(code).Status;
        if (status is not (403 or 404 or 410 or >= 500) || !WantsPage(http.Request)) return Refusals.Problem(code);
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.Vary = "Accept, Accept-Language";
        return Results.Content(Page(WordsFor(http.Request), status), "text/html; charset=utf-8", statusCode: status);
    }

    /// <summary>Who takes anything at all gets what programs get.</summary>
    static bool WantsPage(HttpRequest request) => !request.Path.StartsWithSegments("/api", StringComparison.Ordinal)
        && request.GetTypedHeaders().Accept.Any(a => a.MediaType.Equals(MediaTypeNames.Text.Html, StringComparison.OrdinalIgnoreCase) && a.Quality is not 0);

    static Words WordsFor(HttpRequest request) => request.GetTypedHeaders().AcceptLanguage.OrderByDescending(l => l.Quality ?? 1).FirstOrDefault()?.Value is { } first
        && first.StartsWith("de", StringComparison.OrdinalIgnoreCase) ? German : English;

    static string Page(Words words, int status)
    {
        var (title, why) = status switch { 403 => words.Closed, 404 => words.Missing, 410 => words.Gone, _ => words.Away };
        return $"""
            <!doctype html>
            <html lang="{words.Language}" data-theme="ink">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="robots" content="noindex">
            <title>{title}</title>
            <link rel="stylesheet" href="/assets/site.css">
            </head>
            <body>
            <main class="page" id="content">
            <h1>{title}</h1>
            <p>{why}</p>
            {(status == 403 ? "" : $"<p><a href=\"/\">{words.Home}</a></p>")}
            </main>
            </body>
            </html>

            """;
    }
}
