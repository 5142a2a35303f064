using System.Text.Json;
using System.Text.Json.Nodes;
using Vigil.Contracts.Authoring;
using Vigil.Contracts.Publishing;
using static Vigil.Notification.Tests.Mailings.FollowUpTests;

namespace Vigil.Notification.Tests.Mailings;

/// <summary>What readers are told, and by whom, who were mailed what was removed since.</summary>
public sealed class RemovalFollowUpTests(Installed installed)
{
    const string Path = "/api/notification/v1/mailings";

    Platform Platform => installed.Platform;

    [Fact]
    public async Task A_protective_correction_leaves_no_earlier_word_in_any_mailing()
    {
        var (site, other, third) = (await Site.Open(Platform), await Site.Open(Platform), await Site.Open(Platform));
        var (reader, elsewhere) = (await site.Reader(), await other.Reader());
        var danger = Word("Danger");
        var story = site.Story(headline: danger);
        var (waiting, stopped) = (other.Story(story.ArticleId, mailAt: DateTimeOffset.UtcNow.AddSeconds(12), headline: danger), third.Story(story.ArticleId, mailAt: DateTimeOffset.UtcNow.AddHours(1), headline: danger));
        await site.Publish(story);
        await other.Publish(waiting, "waiting");
        await third.Publish(stopped, "waiting");
        await Platform.Wire.Publish(new PublicationEnded { ArticleId = story.ArticleId, Edition = third.Key, Version = 2, At = DateTimeOffset.UtcNow, Ending = Ending.Withdrawn });
        await third.Mailing(story.ArticleId, "stopped");

        var safe = Draft.Headline("Safer words");
        await Platform.Wire.Publish(Site.Change(story, 4, forgetBefore: 4, headline: safe));
        await Wait.Until(() => Traces.Of(Platform, danger), found => found.Count == 0, "the earlier words gone, in every edition");
        foreach (var late in new[] { story, story with { Version = 3 }, waiting with { Version = 3 }, stopped with { Version = 3 } }) await Platform.Wire.Publish(late);
        await Platform.Wire.Publish(Site.Change(story, 3, Word("note"), DateTimeOffset.UtcNow, headline: danger));
        await Platform.Wire.Publish(Site.Change(waiting, 4, forgetBefore: 4, headline: safe));
        await other.Mailing(story.ArticleId, "finished");
        await site.Publish(site.Story());
        Assert.Equal(safe, Assert.Single(elsewhere.News).Subject);
        Assert.Equal(2, reader.News.Count);
        Assert.Empty(await Traces.Of(Platform, danger));
        Assert.DoesNotContain(Platform[Services.Notification].Log, line => line.Contains(danger, StringComparison.Ordinal));
        Assert.Equal("stopped", (await third.Mailing(story.ArticleId)).Must(200)["state"].GetString());
    }

    [Theory, InlineData("taken-down"), InlineData("withdrawn"), InlineData("protected")]
    public async Task The_safety_officer_has_those_told_who_were_sent_what_was_removed(string removal)
    {
        var site = await Site.Open(Platform);
        var (english, german) = (await site.Reader(), new Reader(Platform, site.Key));
        (await Platform.As((string?)null).Send(HttpMethod.Post, "/api/notification/v1/subscriptions", new JsonObject { ["email"] = german.Address, ["edition"] = site.Key, ["language"] = "de" })).Must(202);
        (await german.Follow(HttpMethod.Post, await german.Link())).Must(200);
        var story = site.Story();
        var id = (await site.Publish(story)).GetProperty("id").GetGuid();
        var late = await site.Reader();
        Task<Reply> Order(Account account, Guid mailing, string? key = null, JsonObject? body = null) => Platform.As(account).Send(HttpMethod.Post, $"{Path}/{mailing}/notice", body, key: key);

        (await Order(Account.Safety, id)).MustBe(409, "mailing.not-removed");
        await (removal switch
        {
            "taken-down" => Platform.Wire.Publish(new ArticleTakenDown { ArticleId = story.ArticleId, Version = 6, At = DateTimeOffset.UtcNow }),
            "withdrawn" => Platform.Wire.Publish(new ArticleWithdrawn { ArticleId = story.ArticleId, Version = 6, At = DateTimeOffset.UtcNow }),
            _ => Platform.Wire.Publish(Site.Change(story, 6, forgetBefore: 6)),
        });
        await Wait.Until(() => Traces.Of(Platform, story.Text.Headline), found => found.Count == 0, "the words gone");
        foreach (var account in new[] { Account.Writer, Account.Editor, Account.Publisher, Account.Duty, Account.Admin }) (await Order(account, id)).MustBe(403, "auth.forbidden");
        (await Order(Account.Safety, Guid.NewGuid())).MustBe(404, "mailing.unknown");
        (await Order(Account.Safety, id, body: new JsonObject { ["words"] = "my own" })).MustBe(400, "request.unknown-member");

        var key = $"{Guid.NewGuid()}";
        var first = (await Order(Account.Safety, id, key)).Must(200);
        foreach (var again in new[] { await Order(Account.Safety, id, key), await Order(Account.Safety, id), await Order(Account.Safety, id) }) Assert.Equal(first["id"].GetGuid(), again.Must(200)["id"].GetGuid());
        // No ending stops what says that there was one.
        await Platform.Wire.Publish(new ArticleTakenDown { ArticleId = story.ArticleId, Version = 7, At = DateTimeOffset.UtcNow });
        var told = await Wait.Until(() => Platform.As(Account.Editor).Send(HttpMethod.Get, $"{Path}/{first["id"].GetGuid()}"), r => r["state"].GetString() == "finished", "the notice sent");
        Assert.Equal((2, 2, 0, 0), Count(told.Body));
        Assert.Equal(("notice", JsonValueKind.Null), (told["occasion"].GetString(), told["headline"].ValueKind));
        (await Order(Account.Safety, first["id"].GetGuid())).MustBe(409, "mailing.follow-up");

        await site.Publish(site.Story());
        Assert.Equal((3, 3, 1), (english.News.Count, german.News.Count, late.News.Count));
        Assert.Contains("removed or changed", english.News[1].Text, StringComparison.Ordinal);
        Assert.Contains("entfernt oder geändert", german.News[1].Text, StringComparison.Ordinal);
        foreach (var mail in new[] { english.News[1], german.News[1] })
            foreach (var said in new[] { story.Text.Headline, story.Text.Slug, "/news" }) Assert.DoesNotContain(said, mail.Subject + mail.Message.TextBody + mail.Message.HtmlBody, StringComparison.Ordinal);
    }
}
