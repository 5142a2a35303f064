using System.Text;
using MimeKit;
using Vigil.Contracts.Publishing;
using Vigil.Notification.Dispatch;
using Vigil.Notification.Editions;
using Vigil.Notification.Mailings;
using Vigil.Notification.Pages;

namespace Vigil.Notification.Tests.Dispatch;

public class LetterTests
{
    static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    static readonly Delivery Row = new(new("a1111111-1111-4111-8111-111111111111"), new("b1111111-1111-4111-8111-111111111111"), 0, 0);

    static readonly Editions.Edition Au = new()
    {
        Id = "au", Name = "News <Australia>", Hosts = [], Language = "en", Theme = "ink", SenderName = "Vigil\r\nBcc: evil@evil.example", SenderAddress = "news@exämple.org",
        BaseAddress = "https://au.example.org",
    };

    static string Written(MimeMessage mail)
    {
        using var stream = new MemoryStream();
        mail.WriteTo(SmtpOutlet.Format, stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    static MimeMessage Story(string headline, string? standfirst = "They walked home.") =>
        Letter.Story(Row, Au, new(headline, standfirst, "five-freed", "en", [], []), "reader@example.org", "LEAVE", Noon);

    static MimeMessage FollowUp(string? headline, string words = "It was a lamp.\nNot a candle.", CorrectionClass? made = CorrectionClass.Fact, Language language = Language.En) => Letter.FollowUp(
        Row, Au, language, new(made, words, made is null ? "We were deceived." : null), headline is null ? null : new(headline, null, "five-freed", "en", [], []), "reader@example.org", "LEAVE", Noon);

    [Fact]
    public void A_follow_up_says_what_became_of_which_story_in_the_language_of_its_reader()
    {
        foreach (var (made, language, subject, lead) in new[]
                 {
                     ((CorrectionClass?)CorrectionClass.Fact, Language.En, "Correction: Five freed", "We have corrected a story"), (CorrectionClass.Clarity, Language.De, "Klarstellung: Five freed", "etwas klargestellt"),
                     (CorrectionClass.Update, Language.En, "Update: Five freed", "something new"), (null, Language.De, "Widerruf: Five freed", "widerrufen"), (null, Language.En, "Retraction: Five freed", "retracted"),
                 })
        {
            var mail = FollowUp("Five freed", made: made, language: language);
            Assert.Equal(subject, mail.Subject);
            foreach (var part in new[] { mail.TextBody, mail.HtmlBody }) foreach (var words in new[] { lead, "It was a lamp.", "https://au.example.org/news/five-freed" }) Assert.Contains(words, part, StringComparison.Ordinal);
            if (made is null) Assert.Contains("We were deceived.", mail.TextBody, StringComparison.Ordinal);
        }
        var nameless = FollowUp(null, made: null);
        Assert.Equal("We have retracted a story that we sent you.", nameless.Subject);
        Assert.DoesNotContain("/news/", nameless.TextBody, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", FollowUp("<script>", "<script>alert(1)</script>").HtmlBody, StringComparison.Ordinal);
    }

    [Fact]
    public void A_notice_is_the_same_for_every_story()
    {
        var (one, other) = (Letter.Notice(Row, Au, Language.En, "reader@example.org", "LEAVE", Noon), Letter.Notice(Row with { Mailing = Row.Subscriber }, Au, Language.En, "reader@example.org", "LEAVE", Noon));
        Assert.Equal((one.Subject, one.TextBody, one.HtmlBody), (other.Subject, other.TextBody, other.HtmlBody));
        Assert.DoesNotContain("/news", one.HtmlBody, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_mail_can_be_left_with_one_click()
    {
        foreach (var mail in new[] { Story("Five freed"), Letter.Confirmation(Row, Au, Language.De, "reader@example.org", "CONFIRM", "LEAVE", Noon), FollowUp("Five freed"), FollowUp(null), Letter.Notice(Row, Au, Language.De, "reader@example.org", "LEAVE", Noon) })
        {
            Assert.Equal("<https://au.example.org/u/LEAVE>", mail.Headers["List-Unsubscribe"]);
            Assert.Equal("List-Unsubscribe=One-Click", mail.Headers["List-Unsubscribe-Post"]);
            Assert.Equal("auto-generated", mail.Headers["Auto-Submitted"]);
            Assert.Equal("OOF, AutoReply", mail.Headers["X-Auto-Response-Suppress"]);
            Assert.Equal("<au.xn--exmple-cua.org>", mail.Headers["List-Id"]);
            Assert.Equal($"{Row.Letter}@xn--exmple-cua.org", mail.MessageId);
            Assert.Equal(Noon, mail.Date);
            Assert.Equal("reader@example.org", Assert.IsType<MailboxAddress>(Assert.Single(mail.To)).Address);
            Assert.Contains("https://au.example.org/u/LEAVE", mail.TextBody, StringComparison.Ordinal);
            Assert.Contains("https://au.example.org/u/LEAVE", mail.HtmlBody, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Five freed\r\nBcc: evil@evil.example")]
    [InlineData("Five freed\nBcc: evil@evil.example")]
    [InlineData("Five freed\rBcc: evil@evil.example")]
    [InlineData("Five freed\u2028Bcc: evil@evil.example")]
    [InlineData("Five freed\r\n\r\nBcc: evil@evil.example")]
    [InlineData("Fünf frei\r\nBcc: evil@evil.example\0")]
    [InlineData("Fünf frei\r\n.\r\nMAIL FROM:<evil@evil.example>")]
    public void No_headline_begins_a_header(string headline)
    {
        foreach (var (mail, subject) in new[] { (Story(headline, headline), Letter.OneLine(headline)), (FollowUp(headline, headline), $"Correction: {Letter.OneLine(headline)}") })
        {
            var written = Written(mail);
            var head = written[..written.IndexOf("\r\n\r\n", StringComparison.Ordinal)].Split("\r\n");
            Assert.DoesNotContain(head, line => line.StartsWith("Bcc", StringComparison.OrdinalIgnoreCase));
            var read = MimeMessage.Load(new MemoryStream(Encoding.UTF8.GetBytes(written)), TestContext.Current.CancellationToken);
            Assert.Empty(read.Bcc);
            Assert.Equal("reader@example.org", Assert.Single(read.To.Mailboxes).Address);
            Assert.Equal(subject, read.Subject);
            Assert.DoesNotContain(written.Split("\r\n"), line => line is "." || line.Contains('\n', StringComparison.Ordinal) || line.Contains('\r', StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Words_are_no_markup()
    {
        var html = Story("<script>alert(1)</script> & more", "\"><img src=x onerror=alert(1)>").HtmlBody;
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;", html, StringComparison.Ordinal);
        Assert.Contains("News &lt;Australia&gt;", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_loaded_from_anywhere() => Assert.DoesNotMatch("(?i)(src|background|url\\()\\s*=?", Story("Five freed").HtmlBody!.Replace("background:#ffffff", "", StringComparison.Ordinal));

    [Fact]
    public void The_subject_is_the_headline() => Assert.Equal("North Korea | Fünf sind frei", Story("North Korea | Fünf sind frei").Subject);

    [Fact]
    public void A_story_without_standfirst_is_fine() => Assert.Contains("https://au.example.org/news/five-freed", Story("Five freed", null).TextBody, StringComparison.Ordinal);
}
