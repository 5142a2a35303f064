using System.Diagnostics;
using System.Globalization;
using Vigil.Kit;

namespace Vigil.Bench;

/// <summary>A story to ten thousand readers over a relay on this machine that takes everything at once.</summary>
static class Mails
{
    const int Readers = 10_000;
    const int Rounds = 3;

    public static async Task Run(Platform platform, TextWriter report)
    {
        await Progress.Say($"mail: {Readers} readers sign up and confirm …");
        var next = 0;
        await Task.WhenAll(Enumerable.Range(0, 16).Select(async _ =>
        {
            for (int n; (n = Interlocked.Increment(ref next)) <= Readers;)
            {
                await new Reader(platform, "au").Confirmed();
                if (n % 1000 == 0) await Progress.Say($"mail: {n} of {Readers}");
            }
        }));
        await report.WriteLineAsync($"{Readers} readers of one edition.\n\n| publish asked for → | s | mails/s from the first to the last |\n|---|---|---|");
        for (var round = 0; round < Rounds; round++)
        {
            var before = platform.Mail.Count;
            var began = Stopwatch.GetTimestamp();
            await platform.Publish(Draft.Full());
            await Wait.Until(() => Task.FromResult(platform.Mail.Count), n => n > before, "the first mail", TimeSpan.FromMinutes(1));
            var first = Stopwatch.GetElapsedTime(began);
            await Wait.Until(() => Task.FromResult(platform.Mail.Count), n => n >= before + Readers, "the last mail", TimeSpan.FromMinutes(3));
            var last = Stopwatch.GetElapsedTime(began);
            await report.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"| the last of {Readers} mails | {last.TotalSeconds:0.0} | {Readers / (last - first).TotalSeconds:0} |"));
        }
        await report.WriteLineAsync();
    }
}
