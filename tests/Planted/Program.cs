using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Vigil.Kit;
using Vigil.Planted;

var bugs = Bug.Read(await File.ReadAllTextAsync(Path.Combine(Approved.Root, "tests", "Planted", "bugs.txt")));
var wanted = args.Select(a => int.TryParse(a, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n > 0 && n <= bugs.Count ? n : 0).ToHashSet();
if (wanted.Contains(0))
{
    await Console.Error.WriteLineAsync($"usage: tests/planted [number from 1 to {bugs.Count}] …");
    return 2;
}
var chosen = bugs.Where(b => wanted.Count == 0 || wanted.Contains(b.Number)).ToArray();

var copy = Directory.CreateTempSubdirectory("vigil-planted-").FullName;
try
{
    await Must("git", Approved.Root, "clone", "-q", "--no-hardlinks", Approved.Root, copy);
    // A test that fails anyway finds nothing.
    foreach (var finders in chosen.GroupBy(b => b.Project))
    {
        var classes = finders.Select(b => b.Classes).Distinct().ToArray();
        await Console.Error.WriteLineAsync($"Without any bug: {finders.Key} {string.Join(' ', classes)} …");
        if (await Test(finders.Key, classes) is not { Ran: > 0, Failed: 0 }) throw new InvalidOperationException($"{finders.Key} does not pass without a bug.");
    }
    var missed = 0;
    foreach (var bug in chosen)
    {
        var files = bug.Changes.Select(c => c.Path).Distinct().ToDictionary(p => p, p => File.ReadAllText(Path.Combine(copy, p)));
        foreach (var planted in bug.Changes.GroupBy(c => c.Path))
            await File.WriteAllTextAsync(Path.Combine(copy, planted.Key), planted.Aggregate(files[planted.Key], (text, change) =>
                change.Plant(text) ?? throw new InvalidOperationException($"Bug {bug.Number} does not fit {change.Path} any more.")));
        var (ran, failed) = await Test(bug.Project, bug.Classes);
        if (failed == 0) missed++;
        Console.WriteLine($"| {bug.Number} | {bug.What} | {bug.Project} {bug.Classes} | {(failed == 0 ? "**missed**" : $"found by {failed} of {ran}")} |");
        foreach (var (path, text) in files) await File.WriteAllTextAsync(Path.Combine(copy, path), text);
    }
    Console.WriteLine($"{chosen.Length - missed} found, {missed} missed");
    return missed == 0 ? 0 : 1;
}
finally
{
    Directory.Delete(copy, recursive: true);
}

async Task<(int Ran, int Failed)> Test(string name, params string[] classes)
{
    var project = Path.Combine(copy, "tests", $"{name}.Tests");
    await Must("dotnet", copy, "build", project, "-v", "q", "-tl:off", "-nodeReuse:false");
    var (_, said) = await Run("dotnet", copy, [Path.Combine(project, "bin", "Debug", "net10.0", $"{name}.Tests.dll"), "-noColor", "-noLogo", .. classes.SelectMany(c => new[] { "-class", c })]);
    foreach (var line in said.Split('\n').Where(l => l.Contains("[FAIL]", StringComparison.Ordinal))) await Console.Error.WriteLineAsync(line);
    var total = Regex.Match(said, @"Total: (\d+), Errors: (\d+), Failed: (\d+)");
    return total.Success ? (Figure(1), Figure(2) + Figure(3)) : throw new InvalidOperationException($"The tests of {name} did not end.\n{said[^Math.Min(said.Length, 2000)..]}");

    int Figure(int group) => int.Parse(total.Groups[group].Value, CultureInfo.InvariantCulture);
}

static async Task Must(string program, string folder, params string[] arguments)
{
    var (status, said) = await Run(program, folder, arguments);
    if (status != 0) throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed:\n{said[^Math.Min(said.Length, 2000)..]}");
}

static async Task<(int Status, string Said)> Run(string program, string folder, IEnumerable<string> arguments)
{
    using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
    var (said, complained) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
    await process.WaitForExitAsync();
    return (process.ExitCode, await said + await complained);
}
