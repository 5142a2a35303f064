using System.Text.Json.Nodes;
using Vigil.Hosting;
using Vigil.Notification.Subscribers;

namespace Vigil.Notification.Tests.Subscribers;

public sealed class LeavingTests(Installed installed)
{
    Platform Platform => installed.Platform;

    [Fact]
    public async Task Opening_the_link_does_not_act_one_click_does_and_twice_is_harmless()
    {
        var site = await Site.Open(Platform);
        var reader = await site.Reader();
        var link = Reader.Unsubscribe(reader.Mails[0]);
        Assert.Contains("method=\"post\"", (await reader.Follow(HttpMethod.Get, link)).Must(200).Text, StringComparison.Ordinal);
        await site.Publish(site.Story());
        Assert.Equal(link, Reader.Unsubscribe(Assert.Single(reader.News)));

        var answers = new[] { await reader.OneClick(reader.News[0]), await reader.OneClick(reader.News[0]), await reader.Follow(HttpMethod.Post, link) };
        Assert.Single(answers.Select(a => $"{a.Must(200).Status} {a.Text}").Distinct());
        Assert.Equal(0, (await site.Publish(site.Story())).GetProperty("audience").GetInt32());
        Assert.Single(reader.News);
        (await reader.Follow(HttpMethod.Post, await reader.Link())).Must(410);
    }

    [Fact]
    public async Task Who_never_confirmed_can_have_the_address_erased_at_once()
    {
        var site = await Site.Open(Platform);
        var reader = new Reader(Platform, site.Key);
        await reader.Subscribe();
        var link = await reader.Link();
        (await reader.OneClick(reader.Mails[0])).Must(200);
        (await reader.Follow(HttpMethod.Post, link)).Must(410);
        Assert.Empty(await Platform.Query<Guid>("select subscriber from notification.contacts where edition = $1", site.Key));
    }

    [Fact]
    public async Task Who_left_may_come_back()
    {
        var site = await Site.Open(Platform);
        var reader = await site.Reader();
        var old = await reader.Link();
        (await reader.OneClick(reader.Mails[0])).Must(200);
        (await reader.Subscribe()).Must(202);
        await site.Settled();
        Assert.Equal(2, reader.Mails.Count);
        (await reader.Follow(HttpMethod.Post, old)).Must(410);
        (await reader.Follow(HttpMethod.Post, await reader.Link())).Must(200);
        Assert.Equal(1, (await site.Publish(site.Story())).GetProperty("sent").GetInt32());
    }

    [Fact]
    public async Task A_forged_link_is_answered_alike_and_ends_nothing()
    {
        var (site, other) = (await Site.Open(Platform), await Site.Open(Platform));
        var (reader, stranger) = (await site.Reader(), await site.Reader());
        var token = Reader.Unsubscribe(reader.Mails[0]).Segments[^1];
        var id = Links.WhoLeaves(token)!.Value;
        var theirs = Reader.Unsubscribe(stranger.Mails[0]).Segments[^1];
        // The id takes 16 bytes, the first 21 characters hold nothing else.
        var answers = new List<Reply>();
        foreach (var bad in new[]
        {
            token[..21] + theirs[21..], token[..^1] + (token[^1] == 'A' ? 'E' : 'A'),
            Links.ToLeave(new Seal(new byte[32]), id, new EditionKey(site.Key)), Links.ToLeave(Installed.Seal, id, new EditionKey(other.Key)),
        })
            answers.Add((await reader.Follow(HttpMethod.Post, new Uri($"http://{site.Host}/u/{bad}"))).Must(200));
        // What is no whole link is said to be none, so that nobody believes to have left.
        foreach (var broken in new[] { token[..^2], "x", "%0d%0a", (await reader.Link()).Segments[^1] })
            Assert.Contains("This link does not work", (await reader.Follow(HttpMethod.Post, new Uri($"http://{site.Host}/u/{broken}"))).Must(404).Text, StringComparison.Ordinal);
        Assert.Equal(2, (await site.Publish(site.Story())).GetProperty("sent").GetInt32());
        answers.Add(await reader.OneClick(reader.Mails[0]));
        Assert.Single(answers.Select(a => a.Text).Distinct());
        Assert.Equal(1, (await site.Publish(site.Story())).GetProperty("audience").GetInt32());
    }

    [Fact]
    public async Task What_they_said_is_in_no_table_and_their_address_never_was_in_words()
    {
        var site = await Site.Open(Platform);
        var word = $"topic{Guid.NewGuid():n}";
        var reader = new Reader(Platform, site.Key, $"canary-{Guid.NewGuid().ToString()[..8]}@canary.example.net");
        var name = reader.Address.Split('@')[0];
        (await Platform.As((string?)null).Send(HttpMethod.Post, "/api/notification/v1/subscriptions",
            new JsonObject { ["email"] = reader.Address, ["edition"] = site.Key, ["topics"] = new JsonArray(word, "neighbours") })).Must(202);
        (await reader.Follow(HttpMethod.Post, await reader.Link())).Must(200);
        await site.Publish(site.Story());
        var id = $"{Links.WhoLeaves(Reader.Unsubscribe(reader.News[0]).Segments[^1])}";

        // The search finds what there is: so its silence afterwards means something.
        Assert.Contains("contacts", await Traces.Of(Platform, word));
        Assert.Contains("contacts", await Traces.Of(Platform, id));
        Assert.Empty(await Traces.Of(Platform, name));

        (await reader.OneClick(reader.News[0])).Must(200);
        Assert.Empty(await Traces.Of(Platform, word));
        Assert.DoesNotContain("contacts", await Traces.Of(Platform, id));
        Assert.Empty(await Traces.Of(Platform, name));
        Assert.Empty(await Traces.Of(Platform, "canary.example.net"));
        Assert.DoesNotContain(Platform[Services.Notification].Log, line => line.Contains(name, StringComparison.OrdinalIgnoreCase) || line.Contains(word, StringComparison.Ordinal));
    }
}
