using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Vigil.Kit;

namespace Vigil.Chaos;

/// <summary>Reads every public surface at every gateway all the time, twenty times a second, and judges what it sees.</summary>
sealed partial class Prober(Platform platform, History history, Func<TimeSpan, TimeSpan> grace, int seed)
{
    public const int PerSecond = 20;

    [GeneratedRegex("chaos[0-9a-f]{12}")]
    private static partial Regex Words();

    readonly ConcurrentQueue<string> _wrong = new();
    readonly ConcurrentDictionary<(Guid, string), (TimeSpan Given, long Version)> _newest = new();
    int _reads, _shown;

    public IReadOnlyCollection<string> Wrong => _wrong;
    public (int Reads, int Shown) Counts => (_reads, _shown);

    public async Task Read(CancellationToken ended)
    {
        var random = new Random(seed);
        using var beat = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / PerSecond));
        List<Task> reads = [];
        try
        {
            while (await beat.WaitForNextTickAsync(ended))
            {
                reads.RemoveAll(r => r.IsCompleted);
                // As many as a site has readers, and no more than it would let in.
                if (reads.Count < 100) reads.Add(Look(random));
            }
        }
        catch (OperationCanceledException) { }
        await Task.WhenAll(reads);
    }

    async Task Look(Random random)
    {
        var edition = random.Next(2) == 0 ? "au" : "de";
        var tale = history.Tales.Values.ElementAtOrDefault(random.Next(Math.Max(1, history.Tales.Count)));
        var gateways = platform.All(Services.Gateway).ToArray();
        var api = $"/api/content/v1/editions/{edition}/articles";
        var path = random.Next(10) switch
        {
            0 => "/",
            1 => "/news",
            2 => "/feeds/news.rss",
            3 => edition == "de" ? "/countries/eritrea" : "/countries/eritrea/feeds/news.rss",
            4 => "/topics/neighbours",
            5 => $"{api}?limit=50",
            < 8 => tale is null ? "/" : $"/news/{tale.Slug}",
            _ => tale is null ? api : $"{api}/by-id/{tale.Id}",
        };
        var asked = history.Now;
        try
        {
            var reply = await platform.Send(new HttpRequestMessage(HttpMethod.Get, $"http://{edition}.localhost:{gateways[random.Next(gateways.Length)].Port}{path}"));
            var given = history.Now;
            Interlocked.Increment(ref _reads);
            if (reply.Status == 200) Interlocked.Increment(ref _shown);
            foreach (var word in Words().Matches(reply.Text).Select(m => m.Value).Distinct())
                if (history.Tales.GetValueOrDefault(word)?.Wrong(asked, given, grace) is { } wrong) _wrong.Enqueue($"{word} {wrong}: {edition} {path} at {asked.TotalSeconds:0.0} s");
            if (reply.Status == 200 && path.Contains("/by-id/", StringComparison.Ordinal)) Order(reply, edition, asked, given);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException) { Interlocked.Increment(ref _reads); }
    }

    /// <summary>Whoever asks after a newer version was given sees no older one.</summary>
    void Order(Reply reply, string edition, TimeSpan asked, TimeSpan given)
    {
        var (id, version) = (reply.Id, reply["version"].GetInt64());
        if (_newest.TryGetValue((id, edition), out var before) && before.Given < asked && before.Version > version)
            _wrong.Enqueue($"{id} was seen in version {version} after {before.Version}: {edition} at {asked.TotalSeconds:0.0} s");
        _newest.AddOrUpdate((id, edition), (given, version), (_, known) => known.Version >= version ? known : (given, version));
    }
}
