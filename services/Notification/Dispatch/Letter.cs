using System.Globalization;
using MimeKit;
using MimeKit.Text;
using MimeKit.Utils;
using Vigil.Notification.Editions;
using Vigil.Notification.Mailings;
using Vigil.Notification.Pages;
using Vigil.Notification.Subscribers;

namespace Vigil.Notification.Dispatch;

/// <summary>
/// The mails themselves: text and HTML, no image, nothing loaded, nothing that tells whether it was read. Every one can be answered with one
/// click that ends it (RFC 8058), also the one that asks for confirmation.
/// </summary>
public static class Letter
{
    /// <param name="leave">The secret part of the link to leave.</param>
    public static MimeMessage Story(Delivery row, Edition edition, Story story, string address, string leave, DateTimeOffset at)
    {
        var phrases = Phrases.In(Phrases.Nearest(edition.Language));
        var link = $"{edition.BaseAddress}/news/{story.Slug}";
        var leaving = LeaveAddress(edition, leave);
        var why = string.Format(CultureInfo.InvariantCulture, phrases.WhyThisMail, edition.Name);
        var headline = OneLine(story.Headline);
        var standfirst = story.Standfirst is { Length: > 0 } s ? OneLine(s) : null;
        var text = $"""
            {headline}

            {(standfirst is null ? "" : standfirst + "\n\n")}{phrases.ReadStory}: {link}

            -- 
            {why}
            {phrases.Unsubscribe}: {leaving}

            """;
        var html = Html.Of(
            $"""
            <div lang="{story.Language}">
            <h1 style="font-size:24px;line-height:1.25;margin:0 0 16px">{headline}</h1>
            {(standfirst is null ? null : Html.Of($"<p style=\"margin:0 0 16px\">{standfirst}</p>\n"))}</div>
            <p style="margin:0 0 32px"><a href="{link}" style="color:#0b4f8a;font-weight:bold">{phrases.ReadStory}</a></p>
            <hr style="border:0;border-top:1px solid #bbbbbb">
            <p style="font-size:14px;color:#444444">{why} <a href="{leaving}" style="color:#0b4f8a">{phrases.Unsubscribe}</a></p>
            """);
        return Compose(row, edition, phrases, headline, address, leaving, text, Whole(phrases, headline, html), at);
    }

    /// <summary>Tells those who were mailed a story what became of it, in their own language but for the newsroom's words.</summary>
    /// <param name="story">Null where nothing may say any more which one it was.</param>
    public static MimeMessage FollowUp(Delivery row, Edition edition, Language language, FollowUpWords told, Story? story, string address, string leave, DateTimeOffset at)
    {
        var phrases = Phrases.In(language);
        var (kind, lead) = phrases.Of(told.Class);
        var headline = story is null ? null : OneLine(story.Headline);
        var subject = headline is null ? lead : $"{kind}: {headline}";
        string[] words = [.. Lines(told.Words), .. told.Reason is { } reason ? Lines(reason) : []];
        var link = story is null ? null : $"{edition.BaseAddress}/news/{story.Slug}";
        var more = told.Class is null ? phrases.ReadNotice : phrases.ReadStory;
        var leaving = LeaveAddress(edition, leave);
        var text = $"""
            {lead}

            {(headline is null ? "" : headline + "\n\n")}{string.Join("\n\n", words)}

            {(link is null ? "" : $"{more}: {link}\n\n")}-- 
            {phrases.WhyFollowUp}
            {phrases.Unsubscribe}: {leaving}

            """;
        var html = Html.Of(
            $"""
            <p style="margin:0 0 8px;font-size:14px;color:#444444">{lead}</p>
            <div lang="{story?.Language ?? edition.Language}">
            <h1 style="font-size:24px;line-height:1.25;margin:0 0 16px">{headline ?? kind}</h1>
            {Html.Join(words.Select(line => Html.Of($"<p style=\"margin:0 0 16px\">{line}</p>\n")))}</div>
            {(link is null ? null : Html.Of($"<p style=\"margin:0 0 32px\"><a href=\"{link}\" style=\"color:#0b4f8a;font-weight:bold\">{more}</a></p>\n"))}<hr style="border:0;border-top:1px solid #bbbbbb">
            <p style="font-size:14px;color:#444444">{phrases.WhyFollowUp} <a href="{leaving}" style="color:#0b4f8a">{phrases.Unsubscribe}</a></p>
            """);
        return Compose(row, edition, phrases, subject, address, leaving, text, Whole(phrases, subject, html), at);
    }

    /// <summary>The same for every story: it does not say which one, nor when, nor why.</summary>
    public static MimeMessage Notice(Delivery row, Edition edition, Language language, string address, string leave, DateTimeOffset at)
    {
        var phrases = Phrases.In(language);
        var subject = OneLine(string.Format(CultureInfo.InvariantCulture, phrases.NoticeSubject, edition.Name));
        var why = string.Format(CultureInfo.InvariantCulture, phrases.WhyThisMail, edition.Name);
        var leaving = LeaveAddress(edition, leave);
        var text = $"""
            {phrases.NoticeText}

            {phrases.NoticePlea}

            -- 
            {why}
            {phrases.Unsubscribe}: {leaving}

            """;
        var html = Html.Of(
            $"""
            <p style="margin:0 0 16px">{phrases.NoticeText}</p>
            <p style="margin:0 0 32px">{phrases.NoticePlea}</p>
            <hr style="border:0;border-top:1px solid #bbbbbb">
            <p style="font-size:14px;color:#444444">{why} <a href="{leaving}" style="color:#0b4f8a">{phrases.Unsubscribe}</a></p>
            """);
        return Compose(row, edition, phrases, subject, address, leaving, text, Whole(phrases, subject, html), at);
    }

    static string[] Lines(string words) => [.. words.Split('\n').Select(OneLine).Where(line => line is not ("" or "."))];

    /// <summary>Holds nothing that the person who signed up has written.</summary>
    /// <param name="confirm">The secret part of the link to confirm.</param>
    public static MimeMessage Confirmation(Delivery row, Edition edition, Language language, string address, string confirm, string leave, DateTimeOffset at)
    {
        var phrases = Phrases.In(language);
        var link = $"{edition.BaseAddress}/subscribe/confirm/{confirm}";
        var leaving = LeaveAddress(edition, leave);
        var subject = OneLine(string.Format(CultureInfo.InvariantCulture, phrases.ConfirmSubject, edition.Name));
        var please = string.Format(CultureInfo.InvariantCulture, phrases.ConfirmMail, edition.Name);
        var text = $"""
            {please}

            {link}

            {phrases.ConfirmMailIgnore}
            {phrases.ConfirmMailCancel} {leaving}

            """;
        var html = Html.Of(
            $"""
            <p style="margin:0 0 16px">{please}</p>
            <p style="margin:0 0 32px"><a href="{link}" style="color:#0b4f8a;font-weight:bold">{phrases.ConfirmTitle}</a></p>
            <p style="font-size:14px;color:#444444">{phrases.ConfirmMailIgnore} {phrases.ConfirmMailCancel} <a href="{leaving}" style="color:#0b4f8a">{phrases.Unsubscribe}</a></p>
            """);
        return Compose(row, edition, phrases, subject, address, leaving, text, Whole(phrases, subject, html), at);
    }

    static string LeaveAddress(Edition edition, string leave) => $"{edition.BaseAddress}/u/{leave}";

    static Html Whole(Phrases phrases, string title, Html body) => Html.Of(
        $"""
        <!doctype html>
        <html lang="{phrases.Tag}">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{title}</title>
        </head>
        <body style="margin:0;padding:24px;max-width:640px;font:16px/1.5 Georgia,serif;color:#111111;background:#ffffff">
        {body}
        </body>
        </html>

        """);

    static MimeMessage Compose(Delivery row, Edition edition, Phrases phrases, string subject, string address, string leaving, string text, Html html, DateTimeOffset at)
    {
        var sender = new MailboxAddress(OneLine(edition.SenderName), edition.SenderAddress);
        var domain = sender.GetAddress(idnEncode: true)[(sender.GetAddress(idnEncode: true).LastIndexOf('@') + 1)..];
        var body = new MultipartAlternative(Part(TextFormat.Plain, text), Part(TextFormat.Html, html.Value));
        var mail = new MimeMessage([sender], [new MailboxAddress("", address)], subject, body) { Date = at, MessageId = $"{row.Letter}@{domain}" };
        mail.Headers.Add("List-Id", $"<{edition.Id}.{domain}>");
        mail.Headers.Add("List-Unsubscribe", $"<{leaving}>");
        mail.Headers.Add("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
        mail.Headers.Add("Auto-Submitted", "auto-generated");
        mail.Headers.Add("X-Auto-Response-Suppress", "OOF, AutoReply");
        mail.Headers.Add(HeaderId.ContentLanguage, phrases.Tag);
        return mail;

        static TextPart Part(TextFormat format, string words) => new(format) { Text = words, ContentTransferEncoding = ContentEncoding.QuotedPrintable };
    }

    /// <summary>Without any line break or other control, so that no header can be begun by what somebody typed.</summary>
    public static string OneLine(string words) =>
        string.Create(words.Length, words, (line, from) =>
        {
            for (var i = 0; i < line.Length; i++) line[i] = char.IsControl(from[i]) || from[i] is '\u2028' or '\u2029' ? ' ' : from[i];
        }).Trim();
}
