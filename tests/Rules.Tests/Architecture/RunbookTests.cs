using System.Text.Json;
using System.Text.RegularExpressions;
using Vigil.Kit;

namespace Vigil.Rules.Tests.Architecture;

/// <summary>Whoever is woken finds what to do, and every panel can be drawn. That each series exists is shown where it is measured.</summary>
public partial class RunbookTests
{
    static string Read(string path) => File.ReadAllText(Path.Combine(Approved.Root, path));

    static IReadOnlyList<string> Alerts(string rules) => [.. Alert().Matches(rules).Select(m => m.Groups[1].Value)];
    static IReadOnlyList<string> Entries(string runbook) => [.. Entry().Matches(runbook[runbook.IndexOf("## When an alert fires", StringComparison.Ordinal)..]).Select(m => m.Groups[1].Value)];

    [Fact]
    public void Every_alert_has_an_entry_and_every_entry_an_alert()
    {
        var (alerts, entries) = (Alerts(Read("deploy/otel/alerts.yaml")), Entries(Read("deploy/README.md")));
        Assert.True(alerts.Count >= 8);
        Assert.Empty(Astray(alerts, entries));
    }

    [Fact]
    public void One_without_the_other_is_reported() => Assert.Equal(["A has no entry", "C has no alert"], Astray(["A", "B"], ["B", "C"]));

    static IEnumerable<string> Astray(IReadOnlyList<string> alerts, IReadOnlyList<string> entries) =>
        [.. alerts.Except(entries).Select(a => $"{a} has no entry"), .. entries.Except(alerts).Select(e => $"{e} has no alert")];

    [Theory, InlineData("stories"), InlineData("processes")]
    public void Every_panel_says_what_it_shows_and_where_from(string dashboard)
    {
        var panels = JsonDocument.Parse(Read($"deploy/grafana/dashboards/{dashboard}.json")).RootElement.GetProperty("panels").EnumerateArray().ToArray();
        Assert.NotEmpty(panels);
        Assert.Equal(panels.Length, panels.Select(p => p.GetProperty("id").GetInt32()).Distinct().Count());
        Assert.All(panels, p => Assert.True(p.GetProperty("title").GetString()!.Length > 3 && p.GetProperty("description").GetString()!.Length > 10 && p.GetProperty("targets").GetArrayLength() > 0));
    }

    [GeneratedRegex(@"^ +- alert: (\w+)$", RegexOptions.Multiline)]
    private static partial Regex Alert();

    [GeneratedRegex(@"^\| `(\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex Entry();
}
