using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Vigil.Journeys;

/// <summary>An installation of its own, as somebody who has read nothing but the README brings it up.</summary>
[Collection(nameof(BroughtUp))]
public sealed partial class ReadmeTests : IAsyncLifetime
{
    readonly BroughtUp _vigil = new();

    [GeneratedRegex("^```bash\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Commands();

    [GeneratedRegex(@"^(?<part>\w+) +ready +\S+ +(?<pid>\d+) ", RegexOptions.Multiline)]
    private static partial Regex ReadyPart();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await _vigil.DisposeAsync();

    [Fact]
    public async Task Its_commands_do_what_it_says()
    {
        var up = await Run("deploy/up", "--native");
        var readme = await File.ReadAllTextAsync(Path.Combine(Approved.Root, "README.md"), TestContext.Current.CancellationToken);
        foreach (var line in PrintedByUp(readme)) Assert.Contains(line.Replace("8080", $"{_vigil.Port}", StringComparison.Ordinal), up, StringComparison.Ordinal);

        var story = string.Concat(Commands().Matches(readme).Select(m => m.Groups[1].Value));
        var told = await Run("/usr/bin/timeout", "120", "bash", "-euo", "pipefail", "-c", $"cd '{Approved.Root}'\n{story}");
        foreach (var words in new[] { "You are subscribed", "<h1>A lamp in the window", "\"slug\":\"a-lamp-in-the-window\"", "You have left the list", "/news/a-lamp-in-the-window is gone" })
            Assert.Contains(words, told, StringComparison.Ordinal);

        var parts = await Parts();
        Assert.Equal(7, parts.Count);
        await Run("deploy/up");
        Assert.Equal(parts, await Parts());

        Process.GetProcessById(parts["publishing"]).Kill();
        var again = await Wait.Until(Parts, p => p.Count == 7 && p["publishing"] != parts["publishing"], "publishing started again", TimeSpan.FromMinutes(1));
        Assert.Equal(parts.Where(p => p.Key != "publishing"), again.Where(p => p.Key != "publishing"));
    }

    Task<string> Run(string command, params string[] arguments) => _vigil.Run(command, arguments);

    /// <summary>The process of each part that is ready.</summary>
    async Task<SortedDictionary<string, int>> Parts()
    {
        string status;
        try { status = await Run("deploy/status"); }
        catch (InvalidOperationException) { return []; }
        return new(ReadyPart().Matches(status).ToDictionary(m => m.Groups["part"].Value, m => int.Parse(m.Groups["pid"].Value)));
    }

    static string[] PrintedByUp(string readme)
    {
        var from = readme.IndexOf("Vigil is ready.", StringComparison.Ordinal);
        return readme[from..readme.IndexOf('…', from)].Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    }
}
