using System.Diagnostics;

namespace Vigil.Kit;

/// <summary>One of the repository's scripts, run to its end.</summary>
public static class Script
{
    /// <returns>What it printed. Throws with what it complained about when it fails.</returns>
    /// <param name="until">When this is over first, it is killed, with all that it started.</param>
    public static async Task<string> Run(string path, IEnumerable<object> arguments, IReadOnlyDictionary<string, string>? environment = null, Task? until = null)
    {
        var start = new ProcessStartInfo(Path.Combine(Approved.Root, path), arguments.Select(a => $"{a}"))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = Approved.Root,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        using var script = Process.Start(start)!;
        script.StandardInput.Close();
        var (said, complained) = (script.StandardOutput.ReadToEndAsync(), script.StandardError.ReadToEndAsync());
        var ended = script.WaitForExitAsync();
        if (until is not null && await Task.WhenAny(until, ended) != ended) script.Kill(entireProcessTree: true);
        await ended;
        return script.ExitCode == 0 ? await said : throw new InvalidOperationException($"{path} {string.Join(' ', arguments)}: {await complained}");
    }
}
