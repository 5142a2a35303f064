using System.Diagnostics;
using System.Globalization;
using Vigil.Kit;

namespace Vigil.Bench;

/// <summary>From built programs to all of them ready, and what they hold in memory once nothing happens any more.</summary>
static class Start
{
    const int Rounds = 5;

    public static async Task Run(Platform platform, TextWriter report)
    {
        var ready = new Figures();
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var instance in platform.Instances) await instance.Stop();
            var began = Stopwatch.GetTimestamp();
            await Task.WhenAll(platform.Instances.Select(i => i.Start()));
            ready.Add(Stopwatch.GetElapsedTime(began));
        }
        await Progress.Say("start: looking at the memory for a minute …");
        var least = platform.Instances.ToDictionary(i => i, _ => (Resident: long.MaxValue, Share: long.MaxValue));
        // The heap settles when the collector finds time; what is asked is what stays.
        for (var second = 0; second < 60; second++)
        {
            foreach (var instance in platform.Instances) least[instance] = (Math.Min(least[instance].Resident, instance.Memory), Math.Min(least[instance].Share, instance.MemoryShare));
            await Task.Delay(1000);
        }
        await report.WriteLineAsync(Figures.Head);
        await report.WriteLineAsync(ready.Row("from built to all ready, five processes at once"));
        await report.WriteLineAsync("\n| idle, in the minute after | resident MB, least | of it, what is shared counted once |\n|---|---|---|");
        foreach (var (instance, so) in least) await report.WriteLineAsync(Row($"{instance.Service}", so.Resident, so.Share));
        await report.WriteLineAsync(Row("all", least.Values.Sum(so => so.Resident), least.Values.Sum(so => so.Share)) + "\n");

        static string Row(string what, long resident, long share) => string.Create(CultureInfo.InvariantCulture, $"| {what} | {resident / 1e6:0} | {share / 1e6:0} |");
    }
}
