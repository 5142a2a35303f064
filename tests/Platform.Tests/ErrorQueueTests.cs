using System.Text.Json.Nodes;
using Vigil.Contracts.Authoring;
using Vigil.Contracts.Publishing;
using Vigil.Hosting;

namespace Vigil.Journeys;

/// <summary>Messages that could not be handled: seen without their words, sent again without harm, and gone when their words are to be nowhere.</summary>
[Collection(nameof(Installed))]
public sealed class ErrorQueueTests(Installed installed)
{
    const string Releases = "publishing-releases_error";

    Platform Platform => installed.Platform;

    readonly string _canary = $"canary{Guid.NewGuid():N}";

    [Fact]
    public async Task Every_message_that_the_relay_sends_says_what_it_is_about()
    {
        await using var released = await Platform.Wire.Listen<ArticleReleased>();
        await using var live = await Platform.Wire.Listen<PublicationWentLive>();
        await using var ended = await Platform.Wire.Listen<PublicationEnded>();
        var id = await Platform.Publish(Draft.Full());
        // A takedown that overtakes the release ends nothing.
        await Platform.Live(id, "au");
        (await Platform.As(Account.Duty).TakeDown(id)).Must(200);
        var ends = await Wait.Until(() => Task.FromResult(ended.WithHeaders), all => all.Any(e => e.Message.ArticleId == id), "the ending");
        Assert.All([
            .. released.WithHeaders.Where(h => h.Message.ArticleId == id).Select(h => (h.Headers, h.Message.Version)),
            .. live.WithHeaders.Where(h => h.Message.ArticleId == id).Select(h => (h.Headers, h.Message.Version)),
            .. ends.Where(h => h.Message.ArticleId == id).Select(h => (h.Headers, h.Message.Version)),
        ], h => Assert.Equal(($"{id}", $"{h.Version}"), (h.Headers[SetAside.ArticleHeader], h.Headers[SetAside.VersionHeader])));
    }

    [Fact]
    public async Task What_is_set_aside_is_listed_without_its_words()
    {
        var (article, message) = (Guid.NewGuid(), Guid.NewGuid());
        await Poison(article, message);
        var (status, list) = await Say("list");
        Assert.Equal(0, status);
        var row = Assert.Single(list.Split('\n'), line => line.Contains($"{message}", StringComparison.Ordinal));
        foreach (var said in new[] { Releases, "authoring:article-released:v1", $"{article}", "Exception" }) Assert.Contains(said, row, StringComparison.Ordinal);
        var (_, shown) = await Say("show", $"{message}");
        Assert.Contains("--body", shown, StringComparison.Ordinal);
        Assert.DoesNotContain(_canary, list + shown, StringComparison.Ordinal);
        Assert.Contains(_canary, (await Say("show", $"{message}", "--body")).Said, StringComparison.Ordinal);

        Assert.Contains("publishing: 1 discarded", (await Say("discard", $"{message}")).Said, StringComparison.Ordinal);
        Assert.DoesNotContain($"{message}", (await Say("list")).Said, StringComparison.Ordinal);
        Assert.Equal(2, (await Say("")).Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("discard")]
    [InlineData("discard x")]
    [InlineData("redrive --some")]
    [InlineData("show")]
    [InlineData("list all")]
    public async Task What_it_does_not_know_is_answered_with_what_it_does(string arguments)
    {
        using var said = new StringWriter();
        // There are no queues that it could touch.
        Assert.Equal(2, await new Messages("publishing", null!, new HashSet<string>()).Run(arguments.Split(' '), said));
        Assert.StartsWith("usage: messages list", $"{said}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_sent_again_is_handled_once_and_ends_stay_ends()
    {
        await Poison(Guid.NewGuid(), Guid.NewGuid());
        var ended = Guid.NewGuid();
        await Platform.Wire.Publish(new ArticleTakenDown { ArticleId = ended, Version = 5, At = DateTimeOffset.UtcNow });
        await Wait.Until(() => Platform.Query<bool>("select (data->'gate'->>'takenDown')::boolean from publishing.mt_doc_gaterow where id = $1", ended), r => r is [true], "the gate closed");
        var releases = Enumerable.Range(0, 200).Select(_ => WireTests.Release(Guid.NewGuid(), 2, "au")).ToArray();
        foreach (var release in releases.Append(releases[0]).Append(releases[1]).Append(WireTests.Release(ended, 2, "au"))) await Platform.Wire.Put(Releases, release, Uuid.From(release.ArticleId));

        // Killed in the midst of it; what it had not sent is still there, and what it had may come twice.
        Assert.NotEqual(0, (await Platform[Services.Publishing].Run(["messages", "redrive", "--queue", Releases], kill: $"{Uuid.From(releases[5].ArticleId)}")).Status);
        var (status, said) = await Say("redrive", "--queue", Releases);
        Assert.True(status == 0, said);
        foreach (var release in releases) await Platform.Live(release.ArticleId, "au");
        Assert.Equal([200L, 200L], await Platform.Query<long>(
            "select unnest(array[count(*), count(distinct data->>'article')]) from publishing.mt_events where type like 'publication.released.%' and data->>'article' = any($1)", (object)releases.Select(r => $"{r.ArticleId}").ToArray()));
        Assert.Equal(404, (await Platform.Read(ended, "au")).Status);
        // Only what can never be handled comes back, and says that it failed before.
        var poison = await Wait.Until(() => Platform.Wire.SetAsides(), all => all.Any(a => a.Body.Contains(_canary, StringComparison.Ordinal)), "the poison back");
        Assert.True(poison.Count(a => a.Body.Contains(_canary, StringComparison.Ordinal)) <= 2);
        Assert.DoesNotContain(poison, p => releases.Any(r => p.Body.Contains($"{r.ArticleId}", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_removal_takes_its_words_from_every_error_queue_and_nothing_else()
    {
        var (gone, other, erased) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        await Poison(gone, Guid.NewGuid());
        await PoisonPublication(gone);
        await Poison(other, Guid.NewGuid());
        var (words, newer) = ($"{Guid.NewGuid():N}{Guid.NewGuid():N}", $"{Guid.NewGuid():N}{Guid.NewGuid():N}");
        await Poison(erased, Guid.NewGuid(), words);
        await Poison(erased, Guid.NewGuid(), newer);
        Assert.Equal(3, (await About(gone)).Count);

        await Platform.Wire.Publish(new ArticleTakenDown { ArticleId = gone, Version = 9, At = DateTimeOffset.UtcNow });
        await Platform.Wire.Publish(new TextErased { ArticleId = erased, Version = 9, TextHash = words });
        await Wait.Until(() => About(gone), left => left.Count == 0, "nothing left of what was taken down");
        await Wait.Until(() => About(erased), left => left.Count == 1 && left[0].Body.Contains(newer, StringComparison.Ordinal), "nothing left of what was erased, and the newer words");

        // The other way round: the removal has come, and the message fails only now.
        await Platform.Wire.Publish<ArticleReleased>(Broken(gone, null));
        await Platform.Wire.Publish<PublicationWentLive>(BrokenPublication(gone));
        var last = Guid.NewGuid();
        await Poison(gone, last, within: false);
        await PoisonPublication(Guid.NewGuid());
        await Wait.Until(() => About(gone), left => left.Count == 0, "nothing left of what failed after it was taken down");
        Assert.Single(await About(other));
    }

    [Fact]
    public async Task However_many_are_set_aside_all_are_listed_and_discarded()
    {
        // More than a consumer is given without asking for more, and more than the client tells in one go that it has taken.
        await Poison(Guid.NewGuid(), Guid.NewGuid());
        var releases = Enumerable.Range(0, 2100).Select(_ => WireTests.Release(Guid.NewGuid(), 2, "au")).ToArray();
        foreach (var some in releases.Chunk(100)) await Task.WhenAll(some.Select(r => Platform.Wire.Put(Releases, r, r.ArticleId)));
        var (status, list) = await Say("list");
        Assert.True(status == 0, list);
        Assert.All(releases, r => Assert.Contains($"{r.ArticleId}", list, StringComparison.Ordinal));
        Assert.Contains($"{releases[^1].ArticleId} of {Releases}", (await Say("discard", "--queue", Releases)).Said, StringComparison.Ordinal);
        Assert.DoesNotContain(Releases, (await Say("list")).Said, StringComparison.Ordinal);
    }

    Task<(int Status, string Said)> Say(params string[] arguments) => Platform[Services.Publishing].Run(["messages", .. arguments]);

    async Task<IReadOnlyList<(string Queue, string Body)>> About(Guid article) => [.. (await Platform.Wire.SetAsides()).Where(a => a.Body.Contains($"{article}", StringComparison.Ordinal))];

    /// <summary>A release that no version of Publishing could take, set aside.</summary>
    async Task Poison(Guid article, Guid message, string? text = null, bool within = true)
    {
        await Platform.Wire.Publish<ArticleReleased>(Broken(article, text), message);
        if (within) await Wait.Until(() => About(article), all => all.Any(a => a.Body.Contains($"{message}", StringComparison.Ordinal)), "the release set aside");
    }

    /// <summary>The same of a publication, which two services hear.</summary>
    async Task PoisonPublication(Guid article)
    {
        await Platform.Wire.Publish<PublicationWentLive>(BrokenPublication(article));
        await Wait.Until(() => About(article), all => all.Count(a => a.Queue.Contains("-publications_", StringComparison.Ordinal)) == 2, "the publication set aside twice");
    }

    JsonObject Broken(Guid article, string? text)
    {
        var message = Wire.ToJson(WireTests.Release(article, 2, "au"));
        message["text"]!["headline"] = _canary;
        if (text is not null) message["textHash"] = text;
        message.Remove("kind");
        return message;
    }

    JsonObject BrokenPublication(Guid article) => new() { ["articleId"] = $"{article}", ["version"] = 2, ["text"] = new JsonObject { ["headline"] = _canary } };
}
