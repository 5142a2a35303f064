using Vigil.Contracts.Authoring;
using Vigil.Contracts.Publishing;

namespace Vigil.Notification.Tests.Mailings;

/// <summary>A story that ends before its mail is due.</summary>
public sealed class HoldTests(Installed installed)
{
    Platform Platform => installed.Platform;

    public enum End { Withdrawn, WithdrawnHere, TakenDown, LeftThisEdition, TakenDownThere }

    Task Say(End end, PublicationWentLive story, long version)
    {
        var at = DateTimeOffset.UtcNow;
        return end switch
        {
            End.Withdrawn => Platform.Wire.Publish(new ArticleWithdrawn { ArticleId = story.ArticleId, Version = version, At = at }),
            End.WithdrawnHere => Platform.Wire.Publish(new ArticleWithdrawn { ArticleId = story.ArticleId, Version = version, At = at, Editions = [story.Edition] }),
            End.TakenDown => Platform.Wire.Publish(new ArticleTakenDown { ArticleId = story.ArticleId, Version = version, At = at }),
            _ => Platform.Wire.Publish(new PublicationEnded
            {
                ArticleId = story.ArticleId, Version = version, At = at, Ending = end is End.LeftThisEdition ? Ending.Withdrawn : Ending.TakenDown, Edition = end is End.LeftThisEdition ? story.Edition : "au",
            }),
        };
    }

    [Theory]
    [InlineData(End.Withdrawn, "withdrawn")]
    [InlineData(End.WithdrawnHere, "withdrawn")]
    [InlineData(End.TakenDown, "taken-down")]
    [InlineData(End.LeftThisEdition, "withdrawn")]
    [InlineData(End.TakenDownThere, "taken-down")]
    public async Task A_story_that_ends_during_its_hold_is_never_mailed(End end, string halt)
    {
        var site = await Site.Open(Platform);
        var reader = await site.Reader();
        var due = DateTimeOffset.UtcNow.AddSeconds(8);
        var (ended, held, early) = (site.Story(mailAt: due), site.Story(mailAt: due), site.Story(mailAt: due));
        await Say(end, early, 2);
        Assert.Equal("waiting", (await site.Publish(ended, "waiting")).GetProperty("state").GetString());
        await Platform.Wire.Publish(held);
        await Say(end, ended, 2);
        Assert.Equal(halt, (await site.Mailing(ended.ArticleId, "stopped")).GetProperty("halt").GetString());
        // Late, and again: the ending came first.
        await Platform.Wire.Publish(early);
        await Platform.Wire.Publish(ended);

        await site.Mailing(held.ArticleId, "finished");
        await site.Publish(site.Story());
        Assert.DoesNotContain(reader.News, m => m.Subject == ended.Text.Headline || m.Subject == early.Text.Headline);
        Assert.Equal(held.Text.Headline, reader.News[0].Subject);
        Assert.True(reader.News[0].Message.Date >= due.AddSeconds(-1), "The hold was not kept.");
        Assert.Empty(await Traces.Of(Platform, early.Text.Headline));
        Assert.Empty(await Traces.Of(Platform, ended.Text.Headline));
    }

    [Fact]
    public async Task A_story_that_comes_back_before_anybody_was_told_is_mailed_once()
    {
        var site = await Site.Open(Platform);
        var reader = await site.Reader();
        var story = site.Story(mailAt: DateTimeOffset.UtcNow.AddHours(1));
        await site.Publish(story, "waiting");
        await Say(End.Withdrawn, story, 2);
        await site.Mailing(story.ArticleId, "stopped");
        await site.Publish(site.Story(story.ArticleId, version: 3));
        Assert.Single(reader.News);
        await Say(End.Withdrawn, story, 4);
        await Platform.Wire.Publish(site.Story(story.ArticleId, version: 5));
        await site.Publish(site.Story());
        Assert.Equal(2, reader.News.Count);
    }
}
