using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Vigil.Journeys;

/// <summary>What operations see of a story's way, and what a collector can do to it.</summary>
[Collection(nameof(Installed))]
public sealed partial class TelemetryTests(Installed installed)
{
    Platform Platform => installed.Platform;
    Collector Collector => installed.Collector;

    [Fact]
    public async Task One_trace_leads_from_the_publishers_request_to_the_readers_mail()
    {
        var reader = await new Reader(Platform, "au").Confirmed();
        var id = await Platform.Publish(Draft.Full());
        await Wait.Until(() => Task.FromResult(reader.News.Count), n => n > 0, "the mail");
        var trace = Assert.Single(await Platform.Query<string>("select correlation_id from authoring.mt_events where stream_id = $1 and type like 'article.released.%'", id));
        (string Service, string Name)[] way =
        [
            ("vigil-gateway", "POST "), ("vigil-authoring", "POST /api/newsroom/v1/articles/"), ("vigil-authoring", "append"), ("vigil-authoring", "send authoring:article-released:v1"),
            ("vigil-publishing", "process publishing-releases"), ("vigil-publishing", "send publishing:publication-went-live:v1"), ("vigil-notification", "process notification-publications"),
        ];
        var spans = await Wait.Until(() => Task.FromResult<IReadOnlyList<Span>>([.. Collector.Spans.Where(s => s.Trace == trace)]),
            all => Mails().Count > 0 && IsWhole(all) && way.All(step => all.Any(s => s.Service == step.Service && s.Name.StartsWith(step.Name, StringComparison.Ordinal))), "the whole way in one trace");
        Assert.Equal("vigil-gateway", spans.Single(s => s.Parent is null).Service);
        // Mail leaves when it is due and has traces of its own, which name the one that caused them.
        Assert.All(Mails(), m => Assert.NotEqual(trace, m.Trace));

        // Each step names the one before it, and all of them come from one request.
        static bool IsWhole(IReadOnlyList<Span> all) => all.Count(s => s.Parent is null) == 1 && all.Select(s => s.Id).ToHashSet() is var known && all.All(s => s.Parent is null || known.Contains(s.Parent));

        IReadOnlyList<Span> Mails() => [.. Collector.Spans.Where(s => s is { Service: "vigil-notification", Name: "send mail" } && s.Links.Contains(trace))];
    }

    [Fact]
    public async Task A_collector_that_is_away_or_silent_or_hostile_holds_up_nobody()
    {
        var began = Platform.Instances.Select(i => i.Memory).ToArray();
        try
        {
            foreach (var mood in new[] { Collector.Mood.IsAway, Collector.Mood.IsSilent, Collector.Mood.IsFloody })
            {
                Collector.Behaves = mood;
                List<TimeSpan> took = [];
                for (var i = 0; i < 150; i++)
                {
                    var watch = Stopwatch.StartNew();
                    (await Platform.Get("au", "/")).Must(200);
                    (await Platform.As(Account.Writer).List()).Must(200);
                    took.Add(watch.Elapsed);
                }
                // Waited for, it would hold up each for the ten seconds that an export may take; a busy machine now and then holds up one.
                Assert.True(took.Order().ElementAt(took.Count * 9 / 10) < TimeSpan.FromSeconds(5), $"{mood}: {string.Join(' ', took)}");
                await Platform.Live(await Platform.Publish(Draft.Full()), "au");
            }
        }
        finally { Collector.Behaves = Collector.Mood.Takes; }
        Assert.All(Platform.Instances.Zip(began), i => Assert.True(i.First.Memory - i.Second < 150_000_000, $"{i.First.Service} grew from {i.Second} to {i.First.Memory}"));
        var before = Collector.Count;
        await Wait.Until(() => Task.FromResult(Collector.Count), n => n > before, "records again");
    }

    [Fact]
    public async Task What_a_dashboard_or_an_alert_asks_for_is_measured()
    {
        // With a mail at the least.
        await new Reader(Platform, "au").Confirmed();
        await Platform.Live(await Platform.Publish(Draft.Full()), "au");
        await Platform.Wire.PublishRaw("authoring.article-released.v1", "no JSON at all", "application/vnd.masstransit+json");
        var files = Directory.GetFiles(Path.Combine(Approved.Root, "deploy/grafana/dashboards"), "*.json").Append(Path.Combine(Approved.Root, "deploy/otel/alerts.yaml"));
        var asked = files.SelectMany(f => Series().Matches(File.ReadAllText(f)).Select(m => m.Value)).ToHashSet();
        Assert.True(asked.Count > 10);
        await Wait.Until(() => Task.FromResult(Missing(asked, Collector.Series)), missing => missing.Count == 0, "all series measured");
        Assert.Equal(["vigil_no_such_total"], Missing([.. asked, "vigil_no_such_total"], Collector.Series));
    }

    static IReadOnlyList<string> Missing(IEnumerable<string> asked, IReadOnlySet<string> measured) => [.. asked.Where(a => !measured.Contains(a))];

    // What stands before a brace or a bracket or an end of a selector, by the names of those who measure.
    [GeneratedRegex(@"\b(vigil|http_server|dotnet)_[a-z_]+_(total|bucket|count|seconds|bytes|messages|pending)\b(?!_)")]
    private static partial Regex Series();
}
