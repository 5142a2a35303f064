using System.Text;
using System.Text.RegularExpressions;
using Vigil.Kit;

namespace Vigil.Rules.Tests.Architecture;

/// <summary>What the logs may say: every call that writes one is on an approved list, with all that it is handed.</summary>
public partial class LogTests
{
    [Fact]
    public void Every_record_is_one_that_was_approved()
    {
        Assert.Empty(Source.All.SelectMany(Violations));
        var lines = Source.All.SelectMany(s => Records(s.Text).Select(r => $"{s.Path}: {r}"));
        Approved.Is("Rules.Tests/Architecture/logs.approved.txt", string.Join('\n', lines) + "\n");
    }

    [Theory]
    [InlineData("log.LogInformation($\"Draft by {name}\");")]
    [InlineData("log.LogError(e, \"It failed\");")]
    [InlineData("log.LogWarning(\"Draft by \" + name);")]
    [InlineData("log.LogWarning(Template, name);")]
    [InlineData("log.Log(LogLevel.Information, \"Draft\");")]
    [InlineData("Console.WriteLine(name);")]
    [InlineData("Console.Error.Write(name);")]
    [InlineData("Debug.WriteLine(name);")]
    [InlineData("[LoggerMessage(LogLevel.Information, \"x\")]")]
    [InlineData("using (log.BeginScope(name)) { }")]
    [InlineData("activity?.SetTag(\"draft\", name);")]
    [InlineData("activity.AddException(e);")]
    public void What_gets_round_the_list_is_reported(string text) => Assert.NotEmpty(Violations(new("services/Authoring/X.cs", text)));

    [Fact]
    public void A_new_record_changes_the_list() =>
        Assert.Equal(["\"{Count} (new) by {Who}\", Count(a, b), who"], Records("log.LogWarning(\n  \"{Count} (new) by {Who}\",\n  Count(a, b), who);"));

    static IEnumerable<string> Violations(Source s)
    {
        foreach (var record in Records(s.Text))
            if (!Template().IsMatch(record)) yield return $"{s.Path}: the template of a record is one literal, and an exception is named, not handed over: {record}";
        foreach (Match other in Otherwise().Matches(s.Text)) yield return $"{s.Path}: {other.Value}";
    }

    /// <summary>The arguments of each call, on one line.</summary>
    static IEnumerable<string> Records(string text)
    {
        foreach (Match call in Call().Matches(text))
        {
            var (arguments, depth, quoted) = (new StringBuilder(), 1, false);
            for (var i = call.Index + call.Length; i < text.Length; i++)
            {
                var c = text[i];
                if (c == '"' && text[i - 1] != '\\') quoted = !quoted;
                if (!quoted && c == '(') depth++;
                if (!quoted && c == ')' && --depth == 0) break;
                arguments.Append(c);
            }
            yield return Space().Replace(arguments.ToString(), " ").Trim();
        }
    }

    [GeneratedRegex(@"\.Log(Trace|Debug|Information|Warning|Error|Critical)\(")]
    private static partial Regex Call();

    [GeneratedRegex(@"^""([^""\\]|\\.)*""(,|$)")]
    private static partial Regex Template();

    // A person who runs a verb of the program is answered there; nothing else writes to it.
    [GeneratedRegex(@"\.Log\(|\bConsole\.(?!Out\)\; return;)\w+|\bDebug\.Write\w*|\bTrace\.(Write|Trace)\w*|LoggerMessage|\.BeginScope\(|\.SetTag\((?!\w+, null\))|\.AddTag\(|\.AddException\(|\.RecordException\(|\.AddBaggage\(|\.SetBaggage\(")]
    private static partial Regex Otherwise();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
