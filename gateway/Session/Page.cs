using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;

namespace Vigil.Gateway.Session;

/// <summary>The few words that the gateway itself says to people, on pages without script.</summary>
static class Page
{
    const string Style = """
        :root { color-scheme: light dark; --ink: light-dark(#1d2430, #e9e6df); --quiet: light-dark(#5a6472, #a3abb6); --ground: light-dark(#f3f1ec, #12161c); --paper: light-dark(#fffefb, #1b212a);
          --edge: light-dark(#e2ddd2, #2a323e); --deed: light-dark(#1f4d6b, #9cc9e6); --deed-ink: light-dark(#ffffff, #0e1a24) }
        * { box-sizing: border-box }
        body { margin: 0; min-height: 100svh; display: grid; grid-template-columns: minmax(0, 1fr); place-items: center; padding: 1.25rem; overflow-wrap: anywhere; background: var(--ground); color: var(--ink);
          font: 1.0625rem/1.55 system-ui, "Segoe UI", "Noto Sans", sans-serif }
        main { width: 100%; max-width: 25rem; padding: clamp(1.5rem, 6vw, 2.5rem); background: var(--paper); border: 1px solid var(--edge); border-radius: .75rem }
        .mark { margin: 0 0 1.75rem; font: 600 1.125rem/1 Georgia, "Noto Serif", serif }
        .mark span { color: var(--quiet); font-weight: 400; font-style: italic }
        h1 { margin: 0 0 1rem; font: 600 1.75rem/1.2 Georgia, "Noto Serif", serif }
        p { margin: 0 0 1rem; color: var(--quiet) }
        button, .button { display: block; width: 100%; min-height: 2.875rem; margin-top: 1rem; padding: .5rem 1rem; font: inherit; font-weight: 600; line-height: 1.875rem; text-align: center; text-decoration: none;
          cursor: pointer; color: var(--deed-ink); background: var(--deed); border: 1px solid var(--deed); border-radius: .5rem }
        .second { color: var(--deed); background: transparent }
        label, strong { color: var(--ink); font-weight: 600 }
        input { width: 100%; min-height: 2.875rem; padding: .5rem .75rem; font: inherit; color: inherit; background: var(--ground); border: 1px solid var(--quiet); border-radius: .5rem }
        h2 { margin: 2rem 0 1rem; font: 600 1.25rem/1.2 Georgia, "Noto Serif", serif }
        ul { margin: 0; padding: 0; list-style: none }
        li { margin-top: 1rem; color: var(--quiet) }
        [role=alert] { padding-inline-start: .75rem; color: var(--ink); border-inline-start: .25rem solid }
        :focus-visible { outline: 3px solid var(--deed); outline-offset: 2px }
        @media (max-width: 26rem) { body { padding: 0; place-items: stretch } main { max-width: none; border: 0; border-radius: 0 } }
        """;
    static readonly string StyleHash = $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'";

    public static Task Show(HttpContext http, int status, string title, string text, params (string Text, string Address)[] links) =>
        Write(http, status, title, $"<p>{text}</p>{string.Concat(links.Select(l => $"<a class=\"button\" href=\"{HtmlEncoder.Default.Encode(l.Address)}\">{l.Text}</a>"))}");

    /// <summary>Goes on by itself. As the request then comes from here, it has the session's cookie, which what comes from another site has not.</summary>
    public static Task GoOn(HttpContext http, string address) => Write(http, StatusCodes.Status200OK, "One moment",
        $"<p><a class=\"button\" href=\"{HtmlEncoder.Default.Encode(address)}\">Go on to the newsroom</a></p>", $"<meta http-equiv=\"refresh\" content=\"0; url={HtmlEncoder.Default.Encode(address)}\">");

    /// <summary>Words that somebody typed are in the request; the browser sends them again when the page is loaded anew.</summary>
    public static Task Ended(HttpContext http) => Write(http, StatusCodes.Status401Unauthorized, "You are no longer signed in",
        "<p>Nothing was saved yet. Sign in again in another window, then come back here and reload this page: your browser sends once more what you typed.</p>"
        + $"<a class=\"button\" href=\"{SignIn.Address(Session.Pages)}\" target=\"_blank\" rel=\"noopener\">Sign in in another window</a>");

    public static Task SignOut(HttpContext http) => Write(http, StatusCodes.Status200OK, "Sign out", $"""
        <p>On a device that others use, always sign out. If one of yours was lost or taken, sign out everywhere.</p>
        <form method="post" action="{Session.Path}/sign-out"><button>Sign out here</button></form>
        <form method="post" action="{Session.Path}/sign-out-everywhere"><button class="second">Sign out everywhere</button></form>
        """);

    /// <param name="content">Markup: what others typed comes encoded.</param>
    public static Task Write(HttpContext http, int status, string title, string content, string head = "")
    {
        var issuer = http.RequestServices.GetRequiredService<Settings>().Issuer.GetLeftPart(UriPartial.Authority);
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/html; charset=utf-8";
        http.Response.Headers.ContentSecurityPolicy = $"default-src 'none'; style-src {StyleHash}; form-action 'self' {issuer}; base-uri 'none'; frame-ancestors 'none'";
        return http.Response.WriteAsync($"""
            <!doctype html>
            <html lang="en">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>{title} – Vigil newsroom</title>{head}<style>{Style}</style></head>
            <body><main><p class="mark">Vigil <span>newsroom</span></p><h1>{title}</h1>
            {content}
            </main></body>
            </html>
            """);
    }
}
