using System.Diagnostics;
using Vigil.Contracts.Authoring;
using Vigil.Kit;

namespace Vigil.Bench;

/// <summary>
/// How long until readers see it: from the moment that the publication or takedown is asked for at the gateway, to the first answer of
/// the gateway that shows it. One reader asks without a pause; in the second half fifty others read each second.
/// </summary>
static class Visible
{
    const int Samples = 200;
    const int ReadsPerSecond = 50;

    public static async Task Run(Platform platform, TextWriter report)
    {
        // Nobody measures the first run of a method.
        await Sample(platform, 30, new(), new(), new(), new());
        await report.WriteLineAsync(Figures.Head);
        await Round(platform, report, "nobody else reads");
        await Progress.Say("visible: with readers …");
        using var reading = new CancellationTokenSource();
        var readers = Read(platform, reading.Token);
        await Round(platform, report, $"{ReadsPerSecond} others read a second");
        await reading.CancelAsync();
        await report.WriteLineAsync($"\n{await readers} pages were read meanwhile.\n");
    }

    static async Task Round(Platform platform, TextWriter report, string circumstance)
    {
        Figures article = new(), listing = new(), hop = new(), dark = new();
        await Sample(platform, Samples, article, listing, hop, dark);
        await report.WriteLineAsync(article.Row($"publish → article, {circumstance}"));
        await report.WriteLineAsync(listing.Row($"publish → listing, {circumstance}"));
        await report.WriteLineAsync(hop.Row($"publish → message at a consumer (relay and broker), {circumstance}"));
        await report.WriteLineAsync(dark.Row($"takedown → dark, {circumstance}"));
    }

    static async Task Sample(Platform platform, int samples, Figures article, Figures listing, Figures hop, Figures dark)
    {
        await using var ear = await platform.Wire.Listen<ArticleReleased>();
        for (var i = 0; i < samples; i++)
        {
            var first = await Approved(platform);
            var began = Stopwatch.GetTimestamp();
            var published = platform.As(Account.Publisher).Publish(first.Id, "none");
            var heard = Until(() => Task.FromResult(ear.Heard.Any(m => m.ArticleId == first.Id)), began, TimeSpan.FromMilliseconds(0.2));
            article.Add(await Until(async () => (await platform.Get("au", $"/news/{first.Slug}")).Status == 200, began));
            (await published).Must(200);
            hop.Add(await heard);

            var second = await Approved(platform);
            began = Stopwatch.GetTimestamp();
            published = platform.As(Account.Publisher).Publish(second.Id, "none");
            listing.Add(await Until(async () => (await platform.Get("au", "/news")).Text.Contains($"/news/{second.Slug}\"", StringComparison.Ordinal), began));
            (await published).Must(200);

            began = Stopwatch.GetTimestamp();
            var taken = platform.As(OnDuty[i % OnDuty.Length]).TakeDown(first.Id);
            dark.Add(await Until(async () => (await platform.Get("au", $"/news/{first.Slug}")).Status == 410, began));
            (await taken).Must(200);
            if (i % 50 == 49) await Progress.Say($"visible: {i + 1} of {samples}");
        }
    }

    // One account may not take down many in a row alone.
    static readonly Account[] OnDuty = [.. Enumerable.Range(0, 1000).Select(i => Account.Person($"duty{i}", "duty"))];

    static async Task<(Guid Id, string Slug)> Approved(Platform platform)
    {
        var slug = $"s{Guid.NewGuid():n}";
        var id = (await platform.As(Account.Writer).Draft(Draft.Full().With("slug", slug))).Must(201).Id;
        (await platform.As(Account.Writer).Submit(id)).Must(200);
        (await platform.As(Account.Editor).Approve(id)).Must(200);
        return (id, slug);
    }

    static async Task<TimeSpan> Until(Func<Task<bool>> seen, long began, TimeSpan pause = default)
    {
        while (!await seen())
        {
            if (Stopwatch.GetElapsedTime(began) > TimeSpan.FromSeconds(30)) throw new TimeoutException("It was not seen within 30 s.");
            if (pause > default(TimeSpan)) await Task.Delay(pause);
        }
        return Stopwatch.GetElapsedTime(began);
    }

    static async Task<int> Read(Platform platform, CancellationToken ended)
    {
        string[] paths = ["/", "/news", "/feeds/news.rss", "/countries", "/api/content/v1/editions/au/articles"];
        using var beat = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / ReadsPerSecond));
        List<Task<Reply>> reads = [];
        try
        {
            while (await beat.WaitForNextTickAsync(ended)) reads.Add(platform.Get("au", paths[reads.Count % paths.Length]));
        }
        catch (OperationCanceledException) { }
        return (await Task.WhenAll(reads)).Count(r => r.Status == 200);
    }
}
