using System.Text.RegularExpressions;
using Vigil.Contracts.Authoring;
using Vigil.Contracts.Publishing;

namespace Vigil.Notification.Tests.Mailings;

public sealed class StoryMailTests(Installed installed)
{
    Platform Platform => installed.Platform;

    [Fact]
    public async Task One_mail_for_each_article_edition_and_reader_however_often_the_story_goes_live()
    {
        var (here, there) = (await Site.Open(Platform), await Site.Open(Platform));
        var readers = new[] { await here.Reader(), await here.Reader(), await there.Reader() };
        var article = Guid.NewGuid();
        var (live, liveThere) = (here.Story(article), there.Story(article));
        var message = Guid.NewGuid();
        for (var i = 0; i < 5; i++)
        {
            await Platform.Wire.Publish(live, i < 2 ? message : null);
            await Platform.Wire.Publish(liveThere with { Version = 1 + i });
        }
        // The last in line: what came before it has been handled when its mails are out.
        await here.Publish(here.Story(article, version: 6));
        await there.Publish(there.Story());
        foreach (var reader in readers[..2]) Assert.Single(reader.News);
        Assert.Equal(2, readers[2].News.Count);
        Assert.Equal(1, (await here.Mailing(article)).Must(200)["version"].GetInt64());
    }

    [Fact]
    public async Task A_publication_without_mail_sends_none()
    {
        var site = await Site.Open(Platform);
        var reader = await site.Reader();
        var silent = site.Story() with { MailAt = null };
        await Platform.Wire.Publish(silent);
        await site.Publish(site.Story());
        Assert.Single(reader.News);
        (await site.Mailing(silent.ArticleId)).MustBe(404, "mailing.unknown");
    }

    [Fact]
    public async Task It_has_what_mail_programs_and_relays_ask_for_and_nothing_that_follows_its_reader()
    {
        var site = await Site.Open(Platform);
        var (reader, other) = (await site.Reader(), await site.Reader());
        var story = site.Story();
        await site.Publish(story);
        var mail = Assert.Single(reader.News);

        Assert.Equal(story.Text.Headline, mail.Subject);
        Assert.Equal($"news@{site.Key}.example.org", mail.From);
        Assert.Matches($@"\A<http://{site.Host}/u/[\w-]+>\z", mail.Header("List-Unsubscribe"));
        Assert.Equal("List-Unsubscribe=One-Click", mail.Header("List-Unsubscribe-Post"));
        Assert.Equal($"<{site.Key}.{site.Key}.example.org>", mail.Header("List-Id"));
        Assert.Equal("auto-generated", mail.Header("Auto-Submitted"));
        Assert.NotEqual(mail.Message.MessageId, other.News[0].Message.MessageId);
        foreach (var header in mail.Message.Headers) Assert.DoesNotMatch("(?i)received|originating|x-mailer|user-agent|sender-ip", header.Field);

        var link = $"http://{site.Host}/news/{story.Text.Slug}";
        foreach (var part in new[] { mail.Message.TextBody!, mail.Message.HtmlBody! })
        {
            Assert.Contains(story.Text.Headline, part, StringComparison.Ordinal);
            Assert.Contains(story.Text.Standfirst!, part, StringComparison.Ordinal);
            // The story's own address, the same for everybody, and the one that leaves: no other.
            Assert.Equal([link, Reader.Unsubscribe(mail).ToString()], Regex.Matches(part, @"https?://[^\s<>""]+").Select(m => m.Value).Distinct());
        }
        Assert.DoesNotMatch(@"(?i)<(img|script|link|iframe|object|video|audio|style|form|base|meta http)|\bsrc\s*=|\bbackground\s*=|url\(|@import", mail.Message.HtmlBody);
        Assert.DoesNotContain(reader.Address, mail.Message.HtmlBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_headline_and_no_name_of_an_edition_begins_a_header_or_markup()
    {
        const string bad = "Five\r\nBcc: other@example.net\r\n\r\n<script>alert(1)</script>\r\n.\r\nQUIT";
        var site = await Site.Open(Platform, name: bad);
        var reader = await site.Reader();
        await site.Publish(site.Story(headline: bad));
        Assert.Equal(2, reader.Mails.Count);
        foreach (var mail in reader.Mails)
        {
            Assert.Empty(mail.Message.Bcc);
            Assert.Equal(reader.Address, Assert.Single(mail.Message.To.Mailboxes).Address);
            Assert.Contains("Bcc: other", mail.Subject, StringComparison.Ordinal);
            Assert.DoesNotContain("\n", mail.Subject, StringComparison.Ordinal);
            Assert.DoesNotContain("<script", mail.Message.HtmlBody, StringComparison.Ordinal);
            Assert.Contains("&lt;script", mail.Message.HtmlBody, StringComparison.Ordinal);
        }
        Assert.Empty(Platform.Mail.To("other@example.net"));
    }

    [Fact]
    public async Task Readers_get_the_stories_that_they_asked_for()
    {
        var site = await Site.Open(Platform);
        var (all, some) = (await site.Reader(), new Reader(Platform, site.Key));
        (await Platform.As((string?)null).Send(HttpMethod.Post, "/api/notification/v1/subscriptions",
            new System.Text.Json.Nodes.JsonObject { ["email"] = some.Address, ["edition"] = site.Key, ["countries"] = new System.Text.Json.Nodes.JsonArray("ER") })).Must(202);
        (await some.Follow(HttpMethod.Post, await some.Link())).Must(200);
        await site.Publish(site.Story());
        var story = site.Story();
        await site.Publish(story with { Text = story.Text with { Countries = ["KP", "ER"] } });
        Assert.Equal(2, all.News.Count);
        Assert.Equal(story.Text.Headline, Assert.Single(some.News).Subject);
    }

    [Fact]
    public async Task Erased_words_are_gone_and_the_mailing_waits_for_others()
    {
        var (site, other) = (await Site.Open(Platform), await Site.Open(Platform));
        var reader = await site.Reader();
        var story = site.Story(mailAt: DateTimeOffset.UtcNow.AddSeconds(10));
        await site.Publish(story, "waiting");
        await other.Publish(other.Story(story.ArticleId, mailAt: DateTimeOffset.UtcNow.AddHours(1), headline: story.Text.Headline), "waiting");
        Assert.NotEmpty(await Traces.Of(Platform, story.Text.Headline));

        await Platform.Wire.Publish(new TextErased { ArticleId = story.ArticleId, Version = 2, TextHash = story.TextHash });
        await Wait.Until(() => Traces.Of(Platform, story.Text.Headline), found => found.Count == 0, "the words erased");
        // They do not come back by a late message either.
        await Platform.Wire.Publish(story);
        await site.Publish(site.Story());
        await Wait.Until(() => Task.FromResult(DateTimeOffset.UtcNow), now => now > story.MailAt, "its mail due");
        Assert.Equal("waiting", (await site.Mailing(story.ArticleId)).Must(200)["state"].GetString());
        Assert.Empty(await Traces.Of(Platform, story.Text.Headline));
        Assert.Single(reader.News);

        var safe = Draft.Headline("Safer words");
        await Platform.Wire.Publish(new PublicationChanged
        {
            ArticleId = story.ArticleId, Edition = site.Key, Version = 3, At = DateTimeOffset.UtcNow, TextHash = Site.Hash(safe), Text = story.Text with { Headline = safe },
        });
        await site.Mailing(story.ArticleId, "finished");
        Assert.Equal(safe, reader.News[^1].Subject);
        Assert.DoesNotContain(Platform.Mail.Mails, m => m.Subject == story.Text.Headline);
        Assert.DoesNotContain(Platform[Services.Notification].Log, line => line.Contains(story.Text.Headline, StringComparison.Ordinal));
    }
}
