using System.Text.Json.Nodes;
using Vigil.Contracts.Authoring;
using Vigil.Contracts.Publishing;
using Vigil.Kit;
using Vigil.Publishing.Tests;

[assembly: AssemblyFixture(typeof(Installed))]
[assembly: ExplainedByLogs]

namespace Vigil.Publishing.Tests;

/// <summary>Publishing alone, told by the wire what Authoring would say. Each test keeps to its own articles, or to an edition of its own.</summary>
public sealed class Installed : IAsyncLifetime
{
    Platform? _platform;

    public Platform Platform => _platform!;

    public async ValueTask InitializeAsync()
    {
        _platform = await Platform.Start(Services.Publishing);
        // The relay waits where nobody listens.
        await Platform.Wire.Listen<EditionChanged>();
        await Platform.Wire.Listen<PublicationWentLive>();
        await Platform.Wire.Listen<PublicationChanged>();
        await Platform.Wire.Listen<PublicationEnded>();
    }

    public async ValueTask DisposeAsync()
    {
        if (_platform is not null) await _platform.DisposeAsync();
    }

    public Newsroom Admin => Platform.As(Account.Admin);

    public static JsonObject Settings(string key) => new()
    {
        ["name"] = $"Vigil {key}", ["hosts"] = new JsonArray($"{key}.localhost"), ["language"] = "en", ["timeZone"] = "Australia/Sydney", ["theme"] = "ink",
        ["sender"] = new JsonObject { ["name"] = "Vigil", ["address"] = $"news@{key}.example.org" }, ["baseAddress"] = $"https://{key}.example.org",
    };

    static int _editions;

    public static string NewKey() => $"e{Interlocked.Increment(ref _editions)}";

    public Task<Reply> Set(string key, JsonObject settings, string? ifMatch = null) => Admin.Send(HttpMethod.Put, $"/api/publishing/v1/editions/{key}", settings, ifMatch: ifMatch);

    /// <summary>An edition that no other test writes in.</summary>
    public async Task<string> NewEdition()
    {
        var key = NewKey();
        (await Set(key, Settings(key))).Must(201);
        await Wait.Until(() => Platform.Get(key, "/"), r => r.Status == 200, $"the site of {key}");
        return key;
    }

    public static ArticleReleased Story(params string[] editions)
    {
        var (headline, now) = (Draft.Headline(), DateTimeOffset.UtcNow);
        return new()
        {
            ArticleId = Guid.NewGuid(), Version = 4, Kind = ReleaseKind.First, Editions = editions.Length > 0 ? editions : ["au", "de"], At = now, FirstPublished = now,
            TextHash = $"{Guid.NewGuid():N}", Text = new() { Headline = headline, Body = [new("<p>One paragraph.</p>", null, null)], Language = "en", Slug = $"s-{Guid.NewGuid():N}" },
        };
    }

    public Task<Reply> ById(string edition, Guid article) => Platform.Get("au", $"/api/content/v1/editions/{edition}/articles/by-id/{article}");

    /// <summary>Says a release and waits until it is to be seen; gives its address.</summary>
    public async Task<string> Show(ArticleReleased release)
    {
        await Platform.Wire.Publish(release);
        return await Shown(release);
    }

    public async Task<string> Shown(ArticleReleased release) =>
        $"/news/{(await Wait.Until(() => ById(release.Editions[0], release.ArticleId), r => r.Status == 200 && r["version"].GetInt64() >= release.Version, $"version {release.Version}"))["slug"].GetString()}";

    /// <summary>Until all messages that were said are handled, also those that change nothing: later ones, of articles spread over the partitions, are.</summary>
    public async Task Quiet()
    {
        var later = Enumerable.Range(0, 32).Select(_ => Guid.NewGuid()).ToArray();
        await Task.WhenAll(later[..16].Select(id => Platform.Wire.Publish(Story("au") with { ArticleId = id, Editions = [] })));
        await Task.WhenAll(later[16..].Select(id => Platform.Wire.Publish(new ArticleTakenDown { ArticleId = id, Version = 1, At = DateTimeOffset.UtcNow })));
        await Wait.Until(() => Platform.Query<long>("select count(*) from publishing.mt_doc_gaterow where id = any($1)", later), found => found[0] == later.Length, "later messages handled");
    }

    public async Task<IReadOnlyList<string>> Events(Guid article) =>
        await Platform.Query<string>("select type from publishing.mt_events where data->>'article' = $1 order by seq_id", $"{article}");
}
