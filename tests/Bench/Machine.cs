using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Vigil.Kit;

namespace Vigil.Bench;

/// <summary>Where, when and of what a result was taken: figures mean nothing without it.</summary>
static class Machine
{
    public static async Task Describe(string part, TextWriter to)
    {
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30;
        var commit = await Commit();
        await to.WriteLineAsync($"# {part}\n");
        await to.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"{DateTimeOffset.UtcNow:yyyy-MM-dd}, commit {commit}, {Environment.ProcessorCount} cores, {memory} GiB, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}\n"));
    }

    static async Task<string> Commit()
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["describe", "--always", "--dirty", "--abbrev=10"]) { WorkingDirectory = Approved.Root, RedirectStandardOutput = true })!;
        var commit = await git.StandardOutput.ReadToEndAsync();
        await git.WaitForExitAsync();
        return commit.Trim();
    }
}
