using System.Text.Json;

namespace Vigil.Journeys;

/// <summary>What the platform is for, from the first draft to the last trace, as its people see it.</summary>
[Collection(nameof(Installed))]
public sealed class MainStoryTests(Installed installed)
{
    static readonly string[] Editions = ["au", "de"];

    Platform Platform => installed.Platform;

    [Fact]
    public async Task Two_people_bring_a_story_to_both_editions()
    {
        var headline = Draft.Headline();
        var id = (await Platform.As(Account.Writer).Draft(Draft.Full(headline))).Must(201).Id;
        (await Platform.As(Account.Writer).Submit(id)).Must(200);
        (await Platform.As(Account.Writer).Approve(id)).MustBe(403, "auth.forbidden");
        (await Platform.As(Account.Publisher).Publish(id)).MustBe(409, "article.not-approved");
        (await Platform.As(Account.Editor).Approve(id)).Must(200);
        (await Platform.As(Account.Publisher).Publish(id)).Must(200);

        foreach (var edition in Editions)
        {
            var item = await Platform.Live(id, edition, within: TimeSpan.FromSeconds(10));
            Assert.Equal(headline, item["headline"].GetString());
            foreach (var path in Surfaces(edition, item)) Assert.Contains(headline, (await Platform.Get(edition, path)).Must(200).Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Nobody_approves_their_own_text()
    {
        var id = (await Platform.As(Account.Editor).Draft(Draft.Full())).Must(201).Id;
        (await Platform.As(Account.Editor).Submit(id)).Must(200);
        (await Platform.As(Account.Editor).Approve(id)).MustBe(403, "article.own-work");
        (await Platform.As(Account.Editor2).Approve(id)).Must(200);
    }

    [Fact]
    public async Task A_reader_gets_each_story_once_until_they_leave_with_one_click()
    {
        var (reader, other) = (new Reader(Platform, "au"), await new Reader(Platform, "au").Confirmed());
        (await reader.Subscribe()).Must(202);
        var link = await reader.Link();
        (await reader.Follow(HttpMethod.Get, link)).Must(200);
        var early = await Mailed(other);
        Assert.DoesNotContain(early, reader.News.Select(m => m.Subject));

        (await reader.Follow(HttpMethod.Post, link)).Must(200);
        var headline = await Mailed(other);
        var mail = await Arrived(reader, headline);
        Assert.Equal("List-Unsubscribe=One-Click", mail.Header("List-Unsubscribe-Post"));
        Assert.DoesNotContain(reader.Address, Reader.Unsubscribe(mail).ToString(), StringComparison.Ordinal);

        // Opening the link, as scanners of mail do, changes nothing.
        (await reader.Follow(HttpMethod.Get, Reader.Unsubscribe(mail))).Must(200);
        mail = await Arrived(reader, await Mailed(other));
        (await reader.OneClick(mail)).Must(200);
        var late = await Mailed(other);
        Assert.DoesNotContain(late, reader.News.Select(m => m.Subject));
        Assert.Single(reader.News, m => m.Subject == headline);
    }

    [Fact]
    public async Task One_person_takes_a_story_away_everywhere()
    {
        var headline = Draft.Headline();
        var id = await Platform.Publish(Draft.Full(headline), mail: "none");
        var surfaces = new Dictionary<string, (string Page, string[] All)>();
        foreach (var edition in Editions)
        {
            var item = await Platform.Live(id, edition);
            surfaces[edition] = (new Uri(item["url"].GetString()!).PathAndQuery, Surfaces(edition, item));
        }

        (await Platform.As(Account.Duty).TakeDown(id, "A person was named.")).Must(200);

        foreach (var (edition, (page, all)) in surfaces)
        {
            await Platform.Dark(id, edition, 410);
            var gone = (await Platform.Get(edition, page)).Must(410);
            Assert.DoesNotContain(headline, gone.Text, StringComparison.Ordinal);
            foreach (var path in all.Where(p => p != page && !p.EndsWith($"/{id}", StringComparison.Ordinal)))
            {
                // The gateway knows it before the lists are without it.
                var left = await Wait.Until(() => Platform.Get(edition, path), r => r.Status != 503, $"{path} shown again");
                Assert.True(left.Status is 200 or 404 or 410, $"{path}: {left.Status}");
                Assert.DoesNotContain(headline, left.Text, StringComparison.Ordinal);
            }
        }
        (await Platform.As(Account.Editor).Publish(id)).MustBe(409, "article.taken-down");
    }

    [Fact]
    public async Task A_mail_that_waits_does_not_leave_after_a_takedown()
    {
        var headline = Draft.Headline();
        var id = await Platform.Publish(Draft.Full(headline), mail: $"{DateTimeOffset.UtcNow.AddHours(1):yyyy-MM-ddTHH:mm:ssZ}");
        await Platform.Live(id, "au");
        await StageOf(id, "waiting");
        (await Platform.As(Account.Duty).TakeDown(id)).Must(200);
        var stopped = await StageOf(id, "stopped");
        Assert.Equal("taken-down", stopped.GetProperty("halt").GetString());
        Assert.Equal(JsonValueKind.Null, stopped.GetProperty("headline").ValueKind);
        Assert.DoesNotContain(headline, Platform.AllMail.Select(m => m.Subject));
    }

    /// <summary>Every address of an edition that shows a story, its page among them.</summary>
    static string[] Surfaces(string edition, Reply item)
    {
        var country = item["countries"][0].GetProperty("slug").GetString();
        return [
            new Uri(item["url"].GetString()!).PathAndQuery, "/", "/news", $"/countries/{country}", "/topics/neighbours",
            "/feeds/news.rss", $"/countries/{country}/feeds/news.rss", "/topics/neighbours/feeds/news.rss",
            $"/api/content/v1/editions/{edition}/articles", $"/api/content/v1/editions/{edition}/articles/{item["slug"].GetString()}",
        ];
    }

    /// <summary>Publishes a story and waits until this reader has its mail; returns its headline.</summary>
    async Task<string> Mailed(Reader reader)
    {
        var headline = Draft.Headline();
        await Platform.Publish(Draft.Full(headline));
        await Arrived(reader, headline);
        return headline;
    }

    static async Task<Mail> Arrived(Reader reader, string headline) =>
        (await Wait.Until(() => Task.FromResult(reader.News.FirstOrDefault(m => m.Subject == headline)), m => m is not null, $"the mail of {headline}"))!;

    Task<JsonElement> StageOf(Guid article, string state) => Wait.Until(async () =>
        (await Platform.As(Account.Editor).Mailings()).Must(200)["items"].EnumerateArray().FirstOrDefault(m => m.GetProperty("article").GetGuid() == article && m.GetProperty("edition").GetString() == "au"),
        m => m.ValueKind is JsonValueKind.Object && m.GetProperty("state").GetString() == state, $"the mailing of {article} {state}");
}
