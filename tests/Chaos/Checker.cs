using System.Text.RegularExpressions;
using Vigil.Kit;

namespace Vigil.Chaos;

/// <summary>Once everything is quiet: whether what was promised is so, in the stores, at the gateways and in the readers' mail.</summary>
public static partial class Checker
{
    static readonly TimeSpan Quiet = TimeSpan.FromMinutes(2);

    [GeneratedRegex("chaos[0-9a-f]{12}")]
    private static partial Regex Words();

    public static async Task<IReadOnlyList<string>> Check(Platform platform, History history, IReadOnlyList<Reader> readers, Func<string, Task> say)
    {
        List<string> wrong = [];
        var tales = history.Tales.Values.Where(t => t.Id != Guid.Empty).ToArray();
        wrong.AddRange(Streams(tales.ToDictionary(t => t.Id, t => (IReadOnlyList<string>)t.Expected), await EventsOf(platform)));
        if (await Count(platform, "select count(*) from authoring.mt_streams s where type = 'article' and version <> (select count(*) from authoring.mt_events e where e.stream_id = s.id)") is > 0 and var streams)
            wrong.Add($"{streams} streams whose version is not the number of their events");
        if (await Count(platform, "select count(*) from (select data->>'article' a, data->>'edition' e, (data->>'version')::bigint v, lag((data->>'version')::bigint) over (partition by stream_id order by version) before from publishing.mt_events where type like 'publication.%') p where v < before") is > 0 and var inversions)
            wrong.Add($"{inversions} publications went back to an older version");
        await say($"{history.Now.TotalSeconds,6:0.0} s  streams read, {wrong.Count} wrong; asking every gateway for every story …");
        wrong.AddRange(await Ends(platform, tales));
        await say($"{history.Now.TotalSeconds,6:0.0} s  stories asked for, {wrong.Count} wrong; counting mails …");
        wrong.AddRange(await Mails(readers, tales));
        await say($"{history.Now.TotalSeconds,6:0.0} s  mails counted, {wrong.Count} wrong");
        wrong.AddRange(await Leftovers(platform));
        return wrong;
    }

    /// <summary>Each acknowledged command has its events exactly once, and nothing else has any.</summary>
    public static IEnumerable<string> Streams(IReadOnlyDictionary<Guid, IReadOnlyList<string>> expected, IReadOnlyDictionary<Guid, IReadOnlyList<string>> found)
    {
        foreach (var (id, events) in expected)
            if (!found.TryGetValue(id, out var there)) yield return $"{id} is lost";
            else if (!there.SequenceEqual(events)) yield return $"{id}: {string.Join(' ', events)} were acknowledged, but there are {string.Join(' ', there)}";
        foreach (var id in found.Keys.Except(expected.Keys)) yield return $"{id} is there, though nobody was told so";
    }

    static async Task<IReadOnlyDictionary<Guid, IReadOnlyList<string>>> EventsOf(Platform platform) =>
        (await platform.Query<string>("select stream_id || ' ' || string_agg(substring(type from '[^.]+\\.[^.]+'), ' ' order by version) from authoring.mt_events where type like 'article.%' group by stream_id"))
        .Select(line => line.Split(' ')).ToDictionary(parts => Guid.Parse(parts[0]), parts => (IReadOnlyList<string>)parts[1..]);

    /// <summary>Every story is in the end where its last command has put it, in every edition and at every gateway; all of them together get the time to come to rest.</summary>
    static async Task<IReadOnlyList<string>> Ends(Platform platform, IEnumerable<Tale> tales)
    {
        var left = (from tale in tales from edition in new[] { "au", "de" } from gateway in platform.All(Services.Gateway) select (Tale: tale, Edition: edition, gateway.Port, tale.Ends, Status: 0)).ToArray();
        async Task<int> Ask()
        {
            // What was removed before it ever stood there has no address that could be gone.
            var stood = (await platform.Query<string>("select (data->>'article') || ' ' || (data->>'edition') from publishing.mt_events where type like 'publication.released%'")).ToHashSet();
            for (var i = 0; i < left.Length; i++)
            {
                if (left[i].Tale.Ends == 410) left[i].Ends = stood.Contains($"{left[i].Tale.Id} {left[i].Edition}") ? 410 : 404;
                left[i].Status = (await platform.Send(new HttpRequestMessage(HttpMethod.Get, $"http://{left[i].Edition}.localhost:{left[i].Port}/news/{left[i].Tale.Slug}"))).Status;
            }
            left = [.. left.Where(l => l.Status != l.Ends)];
            return left.Length;
        }
        try
        {
            // Asking them all once is long, and no part of the time that they have.
            await Wait.Until(Ask, _ => true, "every story asked for", Quiet);
            await Wait.Until(Ask, n => n == 0, "every story at rest", Quiet);
        }
        catch (TimeoutException) { }
        return [.. left.Select(l => $"{l.Tale.Word} in {l.Edition} at {l.Port} answers {l.Status}, and should {l.Ends}")];
    }

    /// <summary>One mail a reader and story at most, and exactly one where the story stands and never went.</summary>
    static async Task<IEnumerable<string>> Mails(IReadOnlyList<Reader> readers, IReadOnlyList<Tale> tales)
    {
        var standing = tales.Where(t => t.Ends == 200 && t.Expected.Count(e => e == "article.released") == 1).Select(t => t.Word).ToHashSet();
        var wrong = new List<string>();
        foreach (var reader in readers)
        {
            IReadOnlyList<string> Told() => [.. reader.News.Select(m => Words().Match(m.Subject).Value)];
            try { await Wait.Until(() => Task.FromResult(standing.Except(Told()).Count()), n => n == 0, "", TimeSpan.FromMinutes(4)); }
            catch (TimeoutException) { wrong.AddRange(standing.Except(Told()).Select(w => $"{reader.Address} was not told of {w}")); }
            wrong.AddRange(Doubled(reader.Address, Told()));
            foreach (var never in Told().Intersect(tales.Where(t => !t.Expected.Contains("article.released")).Select(t => t.Word))) wrong.Add($"{reader.Address} was told of {never}, which is a draft");
        }
        return wrong;
    }

    public static IEnumerable<string> Doubled(string reader, IEnumerable<string> told) =>
        told.GroupBy(w => w).Where(g => g.Count() > 1).Select(g => $"{reader} was told of {g.Key} {g.Count()} times");

    static async Task<IReadOnlyList<string>> Leftovers(Platform platform)
    {
        List<string> wrong = [];
        foreach (var queue in new[] { "publishing-releases", "publishing-endings", "notification-publications", "notification-endings", "authoring-publications", "authoring-editions" })
            if (await platform.Wire.Depth(queue) is > 0 and var waiting) wrong.Add($"{waiting} messages still wait in {queue}");
        var errors = await platform.Wire.Errors();
        string[] poison = [$"publishing-releases_error: {Poison.Unreadable.Count}", $"publishing-releases_skipped: {Poison.Foreign.Count}"];
        if (!errors.Order().SequenceEqual(poison)) wrong.Add($"set aside are {string.Join(", ", errors)}, and should be {string.Join(", ", poison)}");
        if (await Count(platform, "select count(*) from pg_stat_activity where state = 'idle in transaction' and state_change < now() - interval '30 s' and query not ilike '%lock%' and application_name <> ''") is > 0 and var idle)
            wrong.Add($"{idle} sessions are idle in a transaction");
        return wrong;
    }

    static async Task<long> Count(Platform platform, string sql) => (await platform.Query<long>(sql))[0];
}
