using System.Text.RegularExpressions;
using MimeKit;
using Vigil.Notification.Pages;

namespace Vigil.Notification.Dispatch;

/// <summary>
/// The mails in the pickup folder, for trying the system out: they show addresses and live links, so the pages exist only where
/// Notification:Development is true and no relay is configured.
/// </summary>
public static partial class DevelopmentMail
{
    const int Newest = 100;

    [GeneratedRegex(@"https?://[^\s<>""]+")]
    private static partial Regex WebAddress();

    public static void Map(WebApplication app, string folder)
    {
        app.MapGet("/development/mail", async (CancellationToken ct) =>
        {
            List<Html> rows = [];
            foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*.eml").OrderByDescending(f => f.LastWriteTimeUtc).ThenBy(f => f.Name, StringComparer.Ordinal).Take(Newest))
                if (Guid.TryParse(Path.GetFileNameWithoutExtension(file.Name), out var id) && await Load(file.FullName, ct) is { } mail)
                    using (mail) rows.Add(Html.Of($"<tr><td><a href=\"/development/mail/{id}\">{mail.Subject}</a></td><td>{mail.To}</td><td>{mail.Date:u}</td></tr>\n"));
            return Page.Answer(null, Phrases.In(Language.En), "Mail", Html.Of(
                $"""
                <p>What would have been sent, newest first, at most {Newest}.</p>
                <table>
                <thead><tr><th scope="col">Subject</th><th scope="col">To</th><th scope="col">Date</th></tr></thead>
                <tbody>
                {Html.Join(rows)}</tbody>
                </table>
                """));
        }).AllowAnonymous();

        app.MapGet("/development/mail/{id:guid}", async (Guid id, CancellationToken ct) =>
        {
            using var mail = await Load(Path.Combine(folder, $"{id}.eml"), ct);
            if (mail is null) return Hosting.Refusals.Problem("request.not-found");
            return Page.Answer(null, Phrases.In(Language.En), mail.Subject ?? "", Html.Of(
                $"""
                <p><a href="/development/mail">All mail</a></p>
                <dl>{Html.Join(mail.Headers.Select(h => Html.Of($"<dt>{h.Field}</dt><dd>{h.Value}</dd>\n")))}</dl>
                <pre>{WithLinks(mail.TextBody ?? "")}</pre>
                """));
        }).AllowAnonymous();
    }

    static async Task<MimeMessage?> Load(string path, CancellationToken ct)
    {
        try { return await MimeMessage.LoadAsync(path, ct); }
        catch (Exception e) when (e is IOException or FormatException) { return null; }
    }

    static Html WithLinks(string text)
    {
        List<Html> parts = [];
        var end = 0;
        foreach (Match link in WebAddress().Matches(text))
        {
            parts.Add(Html.Of($"{text[end..link.Index]}<a href=\"{link.Value}\">{link.Value}</a>"));
            end = link.Index + link.Length;
        }
        return Html.Join([.. parts, Html.Of($"{text[end..]}")]);
    }
}
