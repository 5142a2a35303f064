using System.Diagnostics;
using System.Globalization;
using Vigil.Kit;

namespace Vigil.Bench;

/// <summary>How many articles a second the newsroom's API takes through the gateway, from one client and from eight at once.</summary>
static class Commands
{
    static readonly TimeSpan Measured = TimeSpan.FromSeconds(20);

    public static async Task Run(Platform platform, TextWriter report)
    {
        await Rate(4, TimeSpan.FromSeconds(8), () => Whole(platform));
        await report.WriteLineAsync("| | 1 client, articles/s | 8 clients, articles/s |\n|---|---|---|");
        foreach (var (what, work) in new (string, Func<Task>)[] { ("create", () => Create(platform)), ("create, submit, approve, publish", () => Whole(platform)) })
        {
            await Progress.Say($"commands: {what} …");
            var (one, eight) = (await Rate(1, Measured, work), await Rate(8, Measured, work));
            await report.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"| {what} | {one:0} | {eight:0} |"));
        }
        await report.WriteLineAsync();
    }

    static async Task<double> Rate(int clients, TimeSpan duration, Func<Task> work)
    {
        var began = Stopwatch.GetTimestamp();
        var done = await Task.WhenAll(Enumerable.Range(0, clients).Select(async _ =>
        {
            var count = 0;
            for (; Stopwatch.GetElapsedTime(began) < duration; count++) await work();
            return count;
        }));
        return done.Sum() / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    static async Task Create(Platform platform) => (await platform.As(Account.Writer).Draft(Draft.Full())).Must(201);

    static Task<Guid> Whole(Platform platform) => platform.Publish(Draft.Full(), "none");
}
