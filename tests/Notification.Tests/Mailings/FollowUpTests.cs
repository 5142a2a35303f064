using System.Text.Json;
using Vigil.Contracts.Authoring;
using Vigil.Contracts.Publishing;
using Vigil.Hosting;
using RetractionNotice = Vigil.Contracts.Publishing.RetractionNotice;

namespace Vigil.Notification.Tests.Mailings;

/// <summary>What those are told who were mailed a story that is not any more what it was, and who is told nothing.</summary>
public sealed class FollowUpTests(Installed installed)
{
    Platform Platform => installed.Platform;

    internal static (int Audience, int Sent, int Skipped, int Failed) Count(JsonElement mailing) =>
        (mailing.GetProperty("audience").GetInt32(), mailing.GetProperty("sent").GetInt32(), mailing.GetProperty("skipped").GetInt32(), mailing.GetProperty("failed").GetInt32());

    internal static string Word(string kind) => $"{kind} {Guid.NewGuid():N}";

    [Fact]
    public async Task A_correction_is_mailed_once_to_those_who_were_sent_the_story_and_still_want_mail()
    {
        var (site, other) = (await Site.Open(Platform), await Site.Open(Platform));
        var (stays, leaves, elsewhere) = (await site.Reader(), await site.Reader(), await other.Reader());
        var (story, unsent) = (site.Story(), site.Story() with { MailAt = null });
        await site.Publish(story);
        await other.Publish(other.Story(story.ArticleId));
        await Platform.Wire.Publish(unsent);
        await leaves.OneClick(leaves.News[0]);
        var late = await site.Reader();

        var (note, mute) = (Word("note"), Word("mute"));
        var correction = Site.Change(story, 5, note, DateTimeOffset.UtcNow);
        foreach (var _ in Enumerable.Range(0, 3)) await Platform.Wire.Publish(correction);
        await Platform.Wire.Publish(Site.Change(story, 6, mute));
        await Platform.Wire.Publish(Site.Change(unsent, 5, note, DateTimeOffset.UtcNow));
        var told = await site.FollowUp(story.ArticleId, 5, "finished");
        Assert.Equal(("correction", correction.Text.Headline), (told.GetProperty("occasion").GetString(), told.GetProperty("headline").GetString()));
        Assert.Equal((1, 1, 0, 0), Count(told));
        await Platform.Wire.Publish(correction);
        await site.Publish(site.Story());

        Assert.Equal([story.Text.Headline, $"Correction: {correction.Text.Headline}"], stays.News.Take(2).Select(m => m.Subject));
        Assert.Contains(note, stays.News[1].Text, StringComparison.Ordinal);
        Assert.Contains($"http://{site.Host}/news/{story.Text.Slug}", stays.News[1].Text, StringComparison.Ordinal);
        Assert.Equal(Reader.Unsubscribe(stays.News[0]), Reader.Unsubscribe(stays.News[1]));
        Assert.Equal((3, 1, 1, 1), (stays.News.Count, leaves.News.Count, elsewhere.News.Count, late.News.Count));
        Assert.DoesNotContain(Platform.Mail.Mails, m => m.Text.Contains(mute, StringComparison.Ordinal));
        foreach (var absent in new[] { await site.FollowUp(story.ArticleId, 6), await site.FollowUp(unsent.ArticleId, 5), await other.FollowUp(story.ArticleId, 5) }) absent.MustBe(404, "mailing.unknown");
    }

    [Fact]
    public async Task Who_is_mailed_the_story_after_its_correction_gets_the_corrected_words_and_no_correction()
    {
        var site = await Site.Open(Platform);
        var readers = await site.Fill(5);
        var busy = readers[2];
        Platform.Mail.OnRecipient = address => address == busy ? "450 later" : null;
        var story = site.Story();
        await Platform.Wire.Publish(story);
        await Wait.Until(() => site.Mailing(story.ArticleId), r => r.Status == 200 && r["sent"].GetInt32() == 4, "four sent, one waiting");
        var correction = Site.Change(story, 5, Word("note"), DateTimeOffset.UtcNow);
        await Platform.Wire.Publish(correction);
        Assert.Equal((4, 4, 0, 0), Count(await site.FollowUp(story.ArticleId, 5, "finished")));
        Platform.Mail.OnRecipient = null;
        await Platform.Query<int>("update notification.deliveries set free_at = now() where mailing = $1 and state = 0", Notification.Mailings.Mailing.IdOf(story.ArticleId, new EditionKey(site.Key)));
        Assert.Equal((5, 5, 0, 0), Count(await site.Mailing(story.ArticleId, "finished")));
        Assert.Equal(correction.Text.Headline, Assert.Single(Platform.Mail.To(busy)).Subject);
        foreach (var reader in readers.Except([busy])) Assert.Equal([story.Text.Headline, $"Correction: {correction.Text.Headline}"], Platform.Mail.To(reader).Select(m => m.Subject));
    }

    [Theory, InlineData("withdrawn"), InlineData("retracted"), InlineData("taken-down"), InlineData("protected"), InlineData("text-erased")]
    public async Task A_correction_whose_story_ends_is_not_mailed_and_leaves_no_word(string halt)
    {
        var site = await Site.Open(Platform);
        var reader = await site.Reader();
        var story = site.Story();
        await site.Publish(story);
        var (note, at) = (Word("note"), DateTimeOffset.UtcNow);
        var correction = Site.Change(story, 5, note, at.AddHours(1));
        await Platform.Wire.Publish(correction);
        await site.FollowUp(story.ArticleId, 5, "waiting");
        await (halt switch
        {
            "withdrawn" => Platform.Wire.Publish(new ArticleWithdrawn { ArticleId = story.ArticleId, Version = 6, At = at }),
            "retracted" => Platform.Wire.Publish(new ArticleRetracted { ArticleId = story.ArticleId, Version = 6, At = at, NoticeHash = Site.Hash(note), Notice = new("Taken back.", null) }),
            "taken-down" => Platform.Wire.Publish(new ArticleTakenDown { ArticleId = story.ArticleId, Version = 6, At = at }),
            "protected" => Platform.Wire.Publish(Site.Change(story, 6, forgetBefore: 6)),
            _ => Platform.Wire.Publish(new TextErased { ArticleId = story.ArticleId, Version = 6, TextHash = correction.TextHash }),
        });
        Assert.Equal(halt, (await site.FollowUp(story.ArticleId, 5, "stopped")).GetProperty("halt").GetString());
        await Platform.Wire.Publish(correction);
        await site.Publish(site.Story());
        Assert.Equal(2, reader.News.Count);
        foreach (var word in new[] { note, correction.Text.Headline }) Assert.Empty(await Traces.Of(Platform, word));
    }

    static PublicationEnded Retracted(PublicationWentLive story, long version, string notice, DateTimeOffset? mailAt) => new()
    {
        ArticleId = story.ArticleId, Edition = story.Edition, Version = version, At = DateTimeOffset.UtcNow, Ending = Ending.Retracted, NoticeHash = Site.Hash(notice), Notice = new RetractionNotice(notice, $"because {notice}"),
        TextHash = story.TextHash, Text = story.Text with { Standfirst = null }, MailAt = mailAt,
    };

    static ArticleRetracted Retract(PublicationEnded ended) =>
        new() { ArticleId = ended.ArticleId, Version = ended.Version, At = ended.At, NoticeHash = ended.NoticeHash!, Notice = new(ended.Notice!.Notice, ended.Notice.Reason), MailAt = ended.MailAt };

    [Fact]
    public async Task A_retraction_stops_what_has_not_left_and_tells_those_to_whom_it_went()
    {
        var site = await Site.Open(Platform);
        var reader = await site.Reader();
        var (sent, silent, waiting, early) = (site.Story(), site.Story(), site.Story(mailAt: DateTimeOffset.UtcNow.AddHours(1)), site.Story());
        foreach (var story in new[] { sent, silent }) await site.Publish(story);
        await site.Publish(waiting, "waiting");
        var late = await site.Reader();

        var notice = Word("notice");
        var ended = Retracted(sent, 7, notice, DateTimeOffset.UtcNow);
        foreach (var _ in Enumerable.Range(0, 2))
        {
            await Platform.Wire.Publish(Retract(ended));
            await Platform.Wire.Publish(ended);
        }
        foreach (var story in new[] { silent, waiting, early })
        {
            await Platform.Wire.Publish(Retract(Retracted(story, 7, Word("notice"), null)));
            await Platform.Wire.Publish(Retracted(story, 7, Word("notice"), null));
        }
        Assert.Equal("retracted", (await site.Mailing(waiting.ArticleId, "stopped")).GetProperty("halt").GetString());
        var told = await site.FollowUp(sent.ArticleId, 7, "finished");
        Assert.Equal((1, 1, 0, 0), Count(told));
        Assert.Equal("retraction", told.GetProperty("occasion").GetString());
        // Late, and newer: final is final.
        foreach (var story in new[] { waiting, early, early with { Version = 9 } }) await Platform.Wire.Publish(story);
        await Platform.Wire.Publish(Site.Change(sent, 9, Word("note"), DateTimeOffset.UtcNow));
        await site.Publish(site.Story());

        Assert.Equal([sent.Text.Headline, silent.Text.Headline, $"Retraction: {sent.Text.Headline}"], reader.News.Take(3).Select(m => m.Subject));
        Assert.Equal((4, 1), (reader.News.Count, late.News.Count));
        foreach (var words in new[] { notice, $"because {notice}", $"/news/{sent.Text.Slug}" }) Assert.Contains(words, reader.News[2].Text, StringComparison.Ordinal);
        foreach (var story in new[] { sent, silent, waiting, early }) Assert.Empty(await Traces.Of(Platform, story.Text.Headline));
        Assert.Empty(await Traces.Of(Platform, notice));
        (await site.FollowUp(silent.ArticleId, 7)).MustBe(404, "mailing.unknown");
    }

    [Fact]
    public async Task A_retraction_of_a_story_that_is_taken_down_meanwhile_tells_nobody()
    {
        var site = await Site.Open(Platform);
        var reader = await site.Reader();
        var story = site.Story();
        await site.Publish(story);
        var notice = Word("notice");
        await Platform.Wire.Publish(Retracted(story, 7, notice, DateTimeOffset.UtcNow.AddHours(1)));
        await site.FollowUp(story.ArticleId, 7, "waiting");
        Assert.NotEmpty(await Traces.Of(Platform, notice));
        await Platform.Wire.Publish(new ArticleTakenDown { ArticleId = story.ArticleId, Version = 8, At = DateTimeOffset.UtcNow });
        Assert.Equal("taken-down", (await site.FollowUp(story.ArticleId, 7, "stopped")).GetProperty("halt").GetString());
        Assert.Empty(await Traces.Of(Platform, notice));
        Assert.Single(reader.News);
    }
}
