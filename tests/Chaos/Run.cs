using System.Globalization;
using System.Text;
using Vigil.Contracts.Authoring;
using Vigil.Kit;

namespace Vigil.Chaos;

/// <summary>One run: two of every service, both lanes, writers, readers, a prober, and everything that goes wrong around them.</summary>
public static class Run
{
    /// <param name="Wrong">Every broken promise; a run with none has passed.</param>
    public sealed record Result(IReadOnlyList<string> Wrong, string Report);

    public static async Task<Result> Of(Form form, int seed, string only, Func<string, Task> say)
    {
        await using var platform = await Platform.Start(Services.Story, ownParts: true, pickup: true, each: 2, faulty: true);
        using var history = new History();
        await say($"{form.Name}, seed {seed}; history in {history.Path}");
        var readers = await Task.WhenAll(new[] { "au", "au", "de" }.Select(e => new Reader(platform, e).Confirmed()));
        var faults = new Faults(platform, history, form, seed, say);
        var prober = new Prober(platform, history, faults.Grace, seed);
        using var reading = new CancellationTokenSource();
        var over = false;
        var read = prober.Read(reading.Token);
        var repeated = Repeat(platform, seed, () => Volatile.Read(ref over));
        await Poison.Send(platform);
        var writers = new Writers(platform, history, seed);
        await writers.Fill(form.Articles);
        await say($"{history.Now.TotalSeconds,6:0.0} s  {history.Tales.Count} stories written; now what goes wrong …");
        var written = writers.GoOn(() => Volatile.Read(ref over));
        await faults.Run(only);
        Volatile.Write(ref over, true);
        await written;
        await say($"{history.Now.TotalSeconds,6:0.0} s  all written; waiting until it is quiet …");
        var wrong = new List<string>(await Checker.Check(platform, history, readers, say));
        await reading.CancelAsync();
        await read;
        wrong.AddRange(prober.Wrong);
        wrong.AddRange(faults.Recoveries.Where(r => r.Took > r.Promised * form.Slack).Select(r => $"{r.Fault}: whole again after {r.Took.TotalSeconds:0.0} s, and {r.Promised.TotalSeconds:0} s are promised"));
        // What went on matters only where it went wrong.
        if (wrong.Count == 0) history.Forget();
        return new(wrong, Tell(await Machine.Describe(), form, seed, history, prober, faults, platform, await repeated, wrong));
    }

    /// <summary>Messages come again, late and in another order, as new ones.</summary>
    static async Task<int> Repeat(Platform platform, int seed, Func<bool> over)
    {
        var random = new Random(seed);
        var repeated = 0;
        while (!over())
            try
            {
                await using var wire = platform.Rewire();
                await using var releases = await wire.Listen<ArticleReleased>();
                await using var withdrawals = await wire.Listen<ArticleWithdrawn>();
                while (!over())
                {
                    await Task.Delay(1000);
                    if (releases.Heard is { Count: > 0 } r) await wire.Publish(r[random.Next(r.Count)]);
                    if (withdrawals.Heard is { Count: > 0 } w) await wire.Publish(w[random.Next(w.Count)]);
                    repeated += 2;
                }
            }
            // The broker is away; afterwards there are others.
            catch (Exception e) when (e is RabbitMQ.Client.Exceptions.RabbitMQClientException or IOException or OperationCanceledException or TimeoutException or ObjectDisposedException) { await Task.Delay(500); }
        return repeated;
    }

    static string Tell(string machine, Form form, int seed, History history, Prober prober, Faults faults, Platform platform, int repeated, IReadOnlyCollection<string> wrong)
    {
        var ((attempted, acknowledged, info), (reads, shown)) = (history.Counts, prober.Counts);
        var report = new StringBuilder();
        void Row(string what, object figure) => report.AppendLine(CultureInfo.InvariantCulture, $"| {what} | {figure} |");
        report.AppendLine(CultureInfo.InvariantCulture, $"# {form.Name}, seed {seed}, {history.Now.TotalSeconds:0} s\n\n{machine}\n\n| | |\n|---|---|");
        Row("stories", history.Tales.Count);
        Row("commands attempted", attempted);
        Row("acknowledged", acknowledged);
        Row("answers that nobody could tell (asked again with the same key)", info);
        Row("commits whose answer was cut off", platform.ToPostgres!.CommitsCut);
        Row("lost", wrong.Count(w => w.EndsWith("is lost", StringComparison.Ordinal)));
        Row("doubled", wrong.Count(w => w.EndsWith("times", StringComparison.Ordinal) || w.Contains("were acknowledged, but", StringComparison.Ordinal)));
        Row("messages repeated on the wire, late and out of order", repeated);
        Row("poisonous messages, all set aside", Poison.Unreadable.Count + Poison.Foreign.Count);
        Row("reads by the prober, of which were answered 200", $"{reads}, {shown}");
        Row("wrong disclosures", prober.Wrong.Count);
        report.AppendLine("\n| fault | a story goes all the way after s | promised s | the slowest of the next stories s | what was killed is ready after s |\n|---|---|---|---|---|");
        foreach (var group in faults.Recoveries.GroupBy(r => r.Fault).OrderBy(g => g.Key, StringComparer.Ordinal))
            report.AppendLine(CultureInfo.InvariantCulture, $"| {group.Key} | {Seconds(group.Select(r => r.Took))} | {group.First().Promised.TotalSeconds:0} | {Seconds(group.Select(r => r.Slowest))} | {Seconds(group.Select(r => r.Ready).OfType<TimeSpan>())} |");
        foreach (var w in wrong.Take(50)) report.AppendLine(CultureInfo.InvariantCulture, $"\nWRONG: {w}");
        return report.ToString();

        static string Seconds(IEnumerable<TimeSpan> times) => string.Join(", ", times.Select(t => t.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)));
    }
}
