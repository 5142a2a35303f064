using System.Collections.Concurrent;

namespace Vigil.Journeys;

/// <summary>Processes die in the midst of their work, and nobody tidies up after them.</summary>
[Trait("kind", "drill")]
public sealed class KillTests : IAsyncLifetime
{
    const int Enough = 40, TooMany = 200;

    Platform? _platform;

    Platform Platform => _platform!;

    // A folder tells exactly once from nearly; a relay cannot when a mail's last answer is lost.
    public async ValueTask InitializeAsync() => _platform = await Platform.Start(Services.Story, pickup: true);

    public ValueTask DisposeAsync() => _platform?.DisposeAsync() ?? default;

    [Fact]
    public async Task Whatever_is_killed_each_story_is_shown_once_and_mailed_once()
    {
        Reader[] readers = [await new Reader(Platform, "au").Confirmed(), await new Reader(Platform, "au").Confirmed(), await new Reader(Platform, "de").Confirmed()];
        var published = new ConcurrentDictionary<Guid, string>();
        var over = false;
        var clients = Enumerable.Range(0, 4).Select(async _ =>
        {
            while ((!Volatile.Read(ref over) || published.Count < Enough) && published.Count < TooMany)
            {
                var headline = Draft.Headline();
                published[(await new Client(Platform).Publish(Draft.Full(headline))).Id] = headline;
            }
        }).ToArray();

        foreach (var service in new[] { Services.Authoring, Services.Publishing, Services.Notification, Services.Gateway, Services.Publishing, Services.Authoring })
        {
            var before = published.Count;
            await Wait.Until(() => Task.FromResult(published.Count), n => n >= Math.Min(before + 3, TooMany), "stories under way", TimeSpan.FromMinutes(1));
            await Platform[service].Kill();
            await Platform[service].Start();
        }
        Volatile.Write(ref over, true);
        await Task.WhenAll(clients);

        foreach (var id in published.Keys)
            foreach (var edition in new[] { "au", "de" })
                await Platform.Live(id, edition, within: TimeSpan.FromMinutes(1));
        // A mail that was in the hands of a killed process is free again when its lease has ended.
        foreach (var reader in readers)
        {
            await Wait.Until(() => Task.FromResult(reader.News.Count), n => n >= published.Count, $"all mail for {reader.Address}", TimeSpan.FromMinutes(4));
            Assert.Equal(published.Values.Order(StringComparer.Ordinal), reader.News.Select(m => m.Subject).Order(StringComparer.Ordinal));
        }
        Assert.Equal([2L * published.Count], await Platform.Query<long>("select count(*) from publishing.mt_events where type like 'publication.%'"));
        Assert.Equal(published.Keys.Order(), await Client.Articles(Platform));
        Assert.Empty(await Platform.Wire.Errors());
    }
}
