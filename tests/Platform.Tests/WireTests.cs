using System.Text.Json.Nodes;
using Vigil.Contracts.Authoring;

namespace Vigil.Journeys;

/// <summary>Messages that Authoring would not send so, but the broker may: late, doubled, out of order, newer than we know, broken.</summary>
[Collection(nameof(Installed))]
public sealed class WireTests(Installed installed)
{
    Platform Platform => installed.Platform;

    [Fact]
    public async Task A_takedown_that_comes_before_the_release_wins()
    {
        var id = Guid.NewGuid();
        await Platform.Wire.Publish(new ArticleTakenDown { ArticleId = id, Version = 5, At = DateTimeOffset.UtcNow });
        await Wait.Until(() => Platform.Query<bool>("select (data->'gate'->>'takenDown')::boolean from publishing.mt_doc_gaterow where id = $1", id), r => r is [true], "the gate closed");
        await Platform.Wire.Publish(Release(id, 4, "au", "de"));
        await Platform.Wire.Publish(Release(id, 6, "au"));
        await Overtaken();
        Assert.Equal(404, (await Platform.Read(id, "au")).Status);
        Assert.Empty(await EventsOf(id));
    }

    [Fact]
    public async Task An_older_release_changes_nothing_once_a_newer_is_shown()
    {
        var id = Guid.NewGuid();
        await Platform.Wire.Publish(Release(id, 3, "au"));
        await Platform.Live(id, "au", version: 3);
        await Platform.Wire.Publish(Release(id, 2, "au", "de"));
        await Platform.Wire.Publish(Release(id, 4, "au"));
        var item = await Platform.Live(id, "au", version: 4);
        Assert.Equal($"{id} 4", item["headline"].GetString());
        Assert.Equal(404, (await Platform.Read(id, "de")).Status);
        Assert.Equal(["publication.released.v2 au 3", "publication.revised.v2 au 4"], await EventsOf(id));
    }

    [Fact]
    public async Task The_same_message_five_times_is_one_event()
    {
        var (id, message) = (Guid.NewGuid(), Guid.NewGuid());
        for (var i = 0; i < 5; i++) await Platform.Wire.Publish(Release(id, 2, "au", "de"), i < 3 ? message : Guid.NewGuid());
        foreach (var edition in new[] { "au", "de" }) await Platform.Live(id, edition, version: 2);
        await Platform.Wire.Publish(Release(id, 3, "au", "de"));
        foreach (var edition in new[] { "au", "de" }) await Platform.Live(id, edition, version: 3);
        Assert.Equal(["publication.released.v2 au 2", "publication.released.v2 de 2", "publication.revised.v2 au 3", "publication.revised.v2 de 3"], await EventsOf(id));
    }

    [Fact]
    public async Task A_member_that_is_not_known_yet_is_no_obstacle()
    {
        var id = Guid.NewGuid();
        var message = Wire.ToJson(Release(id, 2, "au")).With("embargo", new JsonObject { ["until"] = "2030-01-01T00:00:00Z" });
        message["text"]!["subtitle"] = "Something that a later version says.";
        await Platform.Wire.Publish<ArticleReleased>(message);
        await Platform.Live(id, "au");
    }

    /// <summary>Bodies that no version of Publishing could take: the whole envelope, or what stands in it as the message.</summary>
    static IEnumerable<string> Poison()
    {
        foreach (var envelope in new[] { "no JSON at all", "", "[]", "null", new string('[', 10_000), new string('[', 5_000_000) }) yield return envelope;
        var good = Wire.ToJson(Release(Guid.NewGuid(), 2, "au"));
        foreach (var (member, value) in new[] { ("articleId", "1"), ("articleId", "null"), ("version", "99999999999999999999"), ("version", "NaN"), ("kind", "\"none\""), ("text", "[]"), ("text", new string('[', 10_000)), ("textHash", "\"\\ud800\"") })
            yield return Envelope($"{{{string.Join(',', good.Where(m => m.Key != member).Select(m => $"\"{m.Key}\":{m.Value?.ToJsonString() ?? "null"}"))},\"{member}\":{value}}}");
        good.Remove("articleId");
        yield return Envelope(good.ToJsonString());
        yield return Envelope("null");

        static string Envelope(string message) => $$"""
            {"messageId":"{{Guid.NewGuid()}}","messageType":["authoring:article-released:v1"],"responseAddress":"rabbitmq://127.0.0.1/forged-reply","faultAddress":"rabbitmq://127.0.0.1/forged-fault","message":{{message}}}
            """;
    }

    [Fact]
    public async Task What_can_never_be_handled_is_set_aside_once_and_the_queue_goes_on()
    {
        var before = await Platform.Wire.Errors("publishing-releases");
        var poison = Poison().ToArray();
        foreach (var body in poison) await Platform.Wire.PublishRaw("authoring.article-released.v1", body, "application/vnd.masstransit+json");
        await Platform.Wire.PublishRaw("authoring.article-released.v1", "<release/>", "text/xml");
        var next = Release(Guid.NewGuid(), 2, "au");
        await Platform.Wire.Publish(next);
        await Platform.Live(next.ArticleId, "au");
        await Wait.Until(() => Platform.Wire.Errors("publishing-releases"), n => n == before + poison.Length + 1, "all of it set aside, each once");

        // What nobody here knows is no fault, and is kept all the same.
        var skipped = await Platform.Wire.Depth("publishing-releases_skipped");
        foreach (var unknown in new[] { """{"messageType":["authoring:article-dreamt:v1"],"message":{}}""", """{"message":1}""" })
            await Platform.Wire.PublishRaw("authoring.article-released.v1", unknown, "application/vnd.masstransit+json");
        await Wait.Until(() => Platform.Wire.Depth("publishing-releases_skipped"), n => n == skipped + 2, "what is unknown set aside");
        // Whoever asked for an answer elsewhere gets none.
        Assert.DoesNotContain("forged", await Platform.Wire.Exchanges(), StringComparison.Ordinal);
    }

    /// <summary>Waits until messages sent afterwards have had their effect.</summary>
    async Task Overtaken()
    {
        var later = Enumerable.Range(0, 8).Select(_ => Release(Guid.NewGuid(), 2, "au")).ToArray();
        foreach (var release in later) await Platform.Wire.Publish(release);
        foreach (var release in later) await Platform.Live(release.ArticleId, "au");
    }

    Task<IReadOnlyList<string>> EventsOf(Guid article) => Platform.Query<string>(
        "select type || ' ' || (data->>'edition') || ' ' || (data->>'version') from publishing.mt_events where data->>'article' = $1 order by data->>'version', data->>'edition'", $"{article}");

    internal static ArticleReleased Release(Guid id, long version, params string[] editions) => new()
    {
        ArticleId = id, Version = version, Kind = ReleaseKind.First, Editions = editions, At = DateTimeOffset.UtcNow, FirstPublished = DateTimeOffset.UtcNow,
        TextHash = $"{Guid.NewGuid():N}{Guid.NewGuid():N}",
        Text = new ReleasedText { Headline = $"{id} {version}", Body = [new Block("<p>One paragraph.</p>", null, null)], Language = "en", Slug = $"s{id:N}" },
    };
}
