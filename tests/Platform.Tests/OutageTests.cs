using System.Diagnostics;
using Vigil.Contracts.Authoring;

namespace Vigil.Journeys;

/// <summary>What a platform stands on goes away for a while and comes back.</summary>
[Trait("kind", "drill")]
public sealed class OutageTests(OutageTests.Alone alone) : IClassFixture<OutageTests.Alone>
{
    /// <summary>With parts that no other test uses.</summary>
    public sealed class Alone : IAsyncLifetime
    {
        Platform? _platform;

        public Platform Platform => _platform!;

        public async ValueTask InitializeAsync() => _platform = await Platform.Start(Services.Story, ownParts: true);

        public ValueTask DisposeAsync() => _platform?.DisposeAsync() ?? default;
    }

    Platform Platform => alone.Platform;

    [Fact]
    public async Task While_the_broker_is_away_stories_are_published_and_afterwards_shown()
    {
        var reader = await new Reader(Platform, "au").Confirmed();
        var published = new Dictionary<Guid, string>();
        await Platform.RabbitMq.Stop();
        // Longer than it takes the relay to be told stuck and its service to be called not ready: commands go through all the same.
        var isKilled = false;
        for (var away = Stopwatch.StartNew(); away.Elapsed < TimeSpan.FromSeconds(45); await Task.Delay(1000, TestContext.Current.CancellationToken))
        {
            var headline = Draft.Headline();
            published[await Platform.Publish(Draft.Full(headline))] = headline;
            if (isKilled || away.Elapsed < TimeSpan.FromSeconds(20)) continue;
            // What a process was about to say, it alone would have known.
            isKilled = true;
            await Platform[Services.Authoring].Kill();
            await Platform[Services.Authoring].StartHeld();
            await Wait.Until(() => Platform.As(Account.Editor).Read(published.Keys.First()), r => r.Status == 200, "commands go through again");
        }
        await Platform.RabbitMq.Start();

        foreach (var id in published.Keys)
            foreach (var edition in new[] { "au", "de" })
                await Platform.Live(id, edition, within: TimeSpan.FromMinutes(2));
        // Stories of the other test may still be under way to this reader.
        IEnumerable<string> Mailed() => reader.News.Select(m => m.Subject).Where(published.ContainsValue).Order(StringComparer.Ordinal);
        await Wait.Until(() => Task.FromResult(Mailed().Count()), n => n >= published.Count, "all mail", TimeSpan.FromMinutes(1));
        Assert.Equal(published.Values.Order(StringComparer.Ordinal), Mailed());
        Assert.Empty(await Platform.Wire.Errors());

        // A long outage behind them, they are back as soon after a short one.
        var before = await Connections();
        await Platform.RabbitMq.Control("-q", "close_all_connections", "--global", "test");
        Assert.NotEmpty(before);
        await Wait.Until(Connections, now => !now.Intersect(before).Any(), "the old connections gone");
        await Platform.Live(await Platform.Publish(Draft.Full()), "au", within: TimeSpan.FromSeconds(15));

        async Task<string[]> Connections() => (await Platform.RabbitMq.Control("-q", "list_connections", "--no-table-headers", "pid")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    [Fact]
    public async Task What_was_acknowledged_outlives_a_crash_of_the_database()
    {
        var earlier = await Client.Articles(Platform);
        var over = false;
        var clients = Enumerable.Range(0, 4).Select(async _ =>
        {
            var published = new List<(Guid Id, long Version)>();
            while (!Volatile.Read(ref over) || published.Count < 5) published.Add(await new Client(Platform).Publish(Draft.Full()));
            return published;
        }).ToArray();
        for (var crash = 0; crash < 2; crash++)
        {
            var before = (await Platform.Query<long>("select count(*) from authoring.mt_events"))[0];
            await Wait.Until(() => Platform.Query<long>("select count(*) from authoring.mt_events"), n => n[0] > before + 20, "commands under way");
            await Platform.Postgres.Restart();
        }
        Volatile.Write(ref over, true);
        var all = (await Task.WhenAll(clients)).SelectMany(p => p).ToArray();

        foreach (var (id, version) in all)
        {
            Assert.Equal(version, (await Platform.As(Account.Editor).Read(id)).Must(200).Version);
            foreach (var edition in new[] { "au", "de" }) await Platform.Live(id, edition, within: TimeSpan.FromMinutes(2));
        }
        Assert.Equal(all.Select(a => a.Id).Concat(earlier).Order(), await Client.Articles(Platform));
        Assert.Equal([0L], await Platform.Query<long>("select count(*) from authoring.mt_streams s where type = 'article' and version <> (select count(*) from authoring.mt_events e where e.stream_id = s.id)"));
        Assert.Equal([0L], await Platform.Query<long>("select count(*) from authoring.mt_doc_article d join authoring.mt_streams s using (id) where s.version <> (d.data->>'version')::bigint"));
        Assert.Equal([0L], await Platform.Query<long>("""
            select count(*) from authoring.mt_events e where e.data->>'text' is not null and not exists (select from authoring.mt_doc_text t where t.id = e.data->>'text')
            """));
        // What comes while it is away waits for it.
        var ended = Guid.NewGuid();
        await Platform.Postgres.Stop();
        await Platform.Wire.Publish(new ArticleWithdrawn { ArticleId = ended, Version = 1, Editions = null, At = DateTimeOffset.UtcNow });
        foreach (var service in new[] { Services.Publishing, Services.Notification })
        {
            await Wait.Until(() => Platform.Wire.Depth($"{service.ToString().ToLowerInvariant()}-endings"), n => n == 0, $"{service} has it in hand");
            // What asked the database later has been told twice by now that it does not answer.
            for (var told = 0; told < 2; told++)
                await Wait.Until(() => Platform.Send(new HttpRequestMessage(HttpMethod.Get, new Uri(Platform[service].Url, "/health/ready"))), r => r.Status == 503, $"{service} is told");
        }
        await Platform.Postgres.Start();
        foreach (var gate in new[] { "publishing.mt_doc_gaterow", "notification.mt_doc_gate" })
            await Wait.Until(() => Platform.Query<long>($"select count(*) from {gate} where id = $1", ended), n => n[0] == 1, gate);
        Assert.Empty(await Platform.Wire.Errors());
    }
}
