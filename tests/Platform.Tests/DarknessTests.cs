using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Vigil.Journeys;

/// <summary>A story goes dark while what would make it so is away, at two gateways.</summary>
[Trait("kind", "drill")]
public sealed class DarknessTests(DarknessTests.Alone alone) : IClassFixture<DarknessTests.Alone>
{
    // In normal running it is milliseconds; a beat of a second, and what a busy machine takes.
    static readonly TimeSpan WithoutTheBroker = TimeSpan.FromSeconds(3);
    // An order is in force before it is answered; this is what a shell takes, on a machine that is at many other things.
    static readonly TimeSpan ByTheCommand = TimeSpan.FromSeconds(20);

    public sealed class Alone : IAsyncLifetime
    {
        Platform? _platform;

        public Platform Platform => _platform!;

        public async ValueTask InitializeAsync()
        {
            _platform = await Platform.Start(Services.Story, ownParts: true);
            await _platform.Add(Services.Gateway);
        }

        public ValueTask DisposeAsync() => _platform?.DisposeAsync() ?? default;
    }

    Platform Platform => alone.Platform;
    Instance[] Gateways => [.. Platform.All(Services.Gateway)];

    static readonly string[] Surfaces = ["/", "/news", "/countries/north-korea", "/topics/neighbours", "/feeds/news.rss", "/countries/north-korea/feeds/news.rss", "/topics/neighbours/feeds/news.rss"];

    static IEnumerable<(string Edition, string Path)> Everywhere(Guid story, string slug) =>
        from edition in new[] { "au", "de" }
        from path in Surfaces.Concat([$"/news/{slug}", $"/api/content/v1/editions/{edition}/articles", $"/api/content/v1/editions/{edition}/articles/{slug}", $"/api/content/v1/editions/{edition}/articles/by-id/{story}"])
        select (edition == "de" ? (edition, path.Replace("north-korea", "nordkorea", StringComparison.Ordinal)) : (edition, path));

    Task<Reply> At(Instance gateway, string edition, string path) => Platform.Send(new HttpRequestMessage(HttpMethod.Get, new UriBuilder(gateway.Url) { Host = $"{edition}.localhost" }.Uri + path[1..]));

    async Task<IReadOnlyList<string>> StillShown(Guid story, string headline, string slug)
    {
        var looks = Gateways.SelectMany(gateway => Everywhere(story, slug).Select(async place =>
            (await At(gateway, place.Edition, place.Path)).Text.Contains(headline, StringComparison.Ordinal) ? $"{gateway.Port} {place.Edition} {place.Path}" : null));
        return [.. (await Task.WhenAll(looks)).OfType<string>()];
    }

    async Task<(Guid Id, string Headline, string Slug)> Live()
    {
        var headline = Draft.Headline();
        var id = await Platform.Publish(Draft.Full(headline));
        await Platform.Live(id, "de");
        return (id, headline, (await Platform.Live(id, "au"))["slug"].GetString()!);
    }

    [Fact]
    public async Task While_the_broker_is_away_a_takedown_works_and_mail_that_has_not_left_does_not()
    {
        var (id, headline, slug) = await Live();
        // Every page that there is of it shows it, or its absence would prove nothing.
        Assert.Equal(Gateways.Length * Everywhere(id, slug).Count(), (await StillShown(id, headline, slug)).Count);
        var later = Draft.Headline();
        var mailed = await Platform.Publish(Draft.Full(later), mail: $"{DateTimeOffset.UtcNow.AddHours(1):yyyy-MM-ddTHH:mm:ssZ}");
        var other = await Platform.Publish(Draft.Full(), mail: $"{DateTimeOffset.UtcNow.AddHours(1):yyyy-MM-ddTHH:mm:ssZ}");
        foreach (var story in new[] { mailed, other }) await Wait.Until(() => MailingOf(story), m => m.Length == 2, "its mailings planned");
        try
        {
            await Platform.RabbitMq.Stop();
            (await Platform.As(Account.Duty).TakeDown(id)).Must(200);
            await Wait.Until(() => StillShown(id, headline, slug), shown => shown.Count == 0, "dark on every surface", WithoutTheBroker);
            foreach (var gateway in Gateways) (await At(gateway, "au", $"/news/{slug}")).Must(410);
            // An ending that Notification cannot handle for now holds back no other, and is not forgotten.
            await Platform.Query<int>($"""
                create function notification.refuse() returns trigger language plpgsql as 'begin raise exception ''not now''; end';
                create trigger refuse before insert or update on notification.mt_doc_gate for each row when (new.id = '{mailed}') execute function notification.refuse()
                """);
            (await Platform.As(Account.Duty).Withdraw(mailed)).Must(200);
            await Wait.Until(() => Task.FromResult(Platform[Services.Notification].Log), lines => lines.Any(l => l.Contains("could not be handled", StringComparison.Ordinal)), "refused");
            (await Platform.As(Account.Duty).Withdraw(other)).Must(200);
            await Wait.Until(() => MailingOf(other), m => m.All(s => s == "stopped"), "the other's mailings stopped");
            // What lies beyond this mark would be told again anyway.
            var told = (await Platform.Query<long>("select seq_id from authoring.mt_events where stream_id = $1 and type = 'article.withdrawn.v1'", other))[0];
            await Wait.Until(() => Platform.Query<long>("select (data->>'sequence')::bigint from notification.mt_doc_heard"), s => s.Count > 0 && s.All(n => n >= told), "heard");
            Assert.DoesNotContain("stopped", await MailingOf(mailed));
            await Platform.Query<int>("drop function notification.refuse cascade");
            await Wait.Until(() => MailingOf(mailed), m => m.All(s => s == "stopped"), "its mailings stopped");
        }
        finally { await Platform.RabbitMq.Start(); }
        // Heard again over the broker it changes nothing.
        var (next, _, _) = await Live();
        await Platform.Live(next, "au");
        Assert.Equal([2L], await Platform.Query<long>("select count(*) from publishing.mt_events where type = 'publication.taken-down.v1' and data->>'article' = $1", $"{id}"));
        Assert.Empty(await Platform.Wire.Errors());
    }

    async Task<string[]> MailingOf(Guid story) => [.. (await Platform.As(Account.Editor).Mailings()).Must(200)["items"].EnumerateArray()
        .Where(m => m.GetProperty("article").GetGuid() == story).Select(m => m.GetProperty("state").GetString()!)];

    [Fact]
    public async Task While_the_database_is_away_the_command_makes_it_dark_and_afterwards_it_is_withdrawn()
    {
        var (id, headline, slug) = await Live();
        var (_, _, otherSlug) = await Live();
        var run = Directory.CreateTempSubdirectory("vigil-dark-").FullName;
        var secret = Path.Combine(run, "inner");
        await File.WriteAllTextAsync(secret, Platform.InnerSecret, TestContext.Current.CancellationToken);
        await Platform.Postgres.Stop();
        var address = $"http://au.localhost:{Gateways[0].Port}/news/{slug}";
        try
        {
            var watch = Stopwatch.StartNew();
            Assert.Contains("Dark at this gateway", await Dark(address), StringComparison.Ordinal);
            foreach (var gateway in Gateways) (await At(gateway, "au", $"/news/{slug}")).Must(404);
            Assert.InRange(watch.Elapsed, TimeSpan.Zero, ByTheCommand);
            await Dark(address);
            // Another one by mistake, which is put right before it is withdrawn.
            var mistaken = $"http://au.localhost:{Gateways[0].Port}/news/{otherSlug}";
            await Dark(mistaken);
            (await At(Gateways[0], "au", $"/news/{otherSlug}")).Must(404);
            Assert.Contains("Taken back", await Dark("--back", mistaken), StringComparison.Ordinal);
            Assert.Contains("No order stands", (await Assert.ThrowsAsync<InvalidOperationException>(() => Dark("--back", "/news/never-ordered"))).Message, StringComparison.Ordinal);
            foreach (var mistyped in new[] { new[] { "--all" }, [mistaken, "--back"] })
                Assert.Contains("is no address of a story", (await Assert.ThrowsAsync<InvalidOperationException>(() => Dark(mistyped))).Message, StringComparison.Ordinal);
            Assert.Contains("is no address", (await Assert.ThrowsAsync<InvalidOperationException>(() => Dark("a story"))).Message, StringComparison.Ordinal);
            foreach (var gateway in Gateways)
            {
                await gateway.Kill();
                await gateway.Start();
                (await At(gateway, "de", $"/news/{slug}")).Must(404);
            }
        }
        finally { await Platform.Postgres.Start(); }
        // From here on its pages could be read again; none of them shows it for a moment, and the other story is shown.
        await Wait.Until(async () =>
        {
            Assert.Empty(await StillShown(id, headline, slug));
            return await Platform.Query<string>("select data->>'release' from authoring.mt_doc_article where id = $1", id);
        }, release => release is ["Withdrawn"], "withdrawn in earnest", TimeSpan.FromMinutes(1));
        await Wait.Until(() => Dark(), said => said.Split('\n').Count(l => l.Contains("Unpublished on every site", StringComparison.Ordinal)) == Gateways.Length, "the orders lifted", TimeSpan.FromMinutes(1));
        Assert.Contains("No order stands", (await Assert.ThrowsAsync<InvalidOperationException>(() => Dark("--back", address))).Message, StringComparison.Ordinal);
        Assert.Empty(await StillShown(id, headline, slug));
        foreach (var gateway in Gateways)
        {
            (await At(gateway, "au", $"/news/{slug}")).Must(404);
            (await At(gateway, "au", $"/news/{otherSlug}")).Must(200);
            Assert.Contains(otherSlug, (await At(gateway, "au", "/news")).Must(200).Text, StringComparison.Ordinal);
        }
        // Once, although two gateways and a repeated command asked for it.
        Assert.Equal([1L], await Platform.Query<long>("select count(*) from authoring.mt_events where type = 'article.withdrawn.v1' and stream_id = $1", id));
        // Files say the address as it was given, and nothing else of the story: neither its words nor its id.
        foreach (var gateway in Gateways)
        {
            var files = await Task.WhenAll(Directory.GetFiles(Platform.DenyListOf(gateway), "*.json").Select(f => File.ReadAllTextAsync(f, TestContext.Current.CancellationToken)));
            var said = JsonNode.Parse(Assert.Single(files, f => f.Contains(slug, StringComparison.Ordinal)))!.AsObject();
            Assert.Equal(address, said["address"]!.GetValue<string>());
            Assert.Equal("deploy/dark", said["by"]!.GetValue<string>());
            Assert.All(said, member => Assert.Contains(member.Key, new[] { "address", "at", "by", "sequence", "lifted", "takenBack", "lapsed" }));
            Assert.DoesNotContain($"{id}", said.ToJsonString(), StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(headline, said.ToJsonString(), StringComparison.OrdinalIgnoreCase);
        }
        Directory.Delete(run, recursive: true);

        Task<string> Dark(params string[] addresses) => Script.Run("deploy/dark", addresses, new Dictionary<string, string>
        {
            ["VIGIL_RUN"] = run, ["VIGIL_INNER_SECRET"] = secret, ["VIGIL_GATEWAYS"] = string.Join(' ', Gateways.Select(g => $"http://127.0.0.1:{g.Port}")),
        });
    }

    [Fact]
    public async Task An_address_that_nobody_knows_is_said_so_and_holds_back_nothing_else()
    {
        var (_, headline, slug) = await Live();
        var answer = await Platform.As(Account.Duty).Send(HttpMethod.Post, "/newsroom/dark", new JsonObject { ["address"] = $"/news/x{Guid.NewGuid():n}" });
        Assert.Equal("unknown", answer.Must(200)["stage"].GetString());
        await Wait.Until(async () => (await Platform.As(Account.Duty).Send(HttpMethod.Get, "/newsroom/dark")).Must(200).Text, text => text.Contains("No story is known at this address", StringComparison.Ordinal), "said to be unknown");
        Assert.Contains(headline, (await Platform.Get("au", "/news")).Must(200).Text, StringComparison.Ordinal);
        (await Platform.Get("au", $"/news/{slug}")).Must(200);
    }
}
