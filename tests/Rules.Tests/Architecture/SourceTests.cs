using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Vigil.Rules.Tests.Architecture;

/// <summary>How the house is laid out.</summary>
public partial class SourceTests
{
    // What every service shares is kept small: whoever adds a file says so here.
    static readonly string[] Hosting =
    [
        "Bus", "Caller", "Cursor", "Decision", "Defaults", "EditionKey", "ErrorQueues", "Gauges", "Idempotency", "Inner", "Json", "Lanes", "Ledger", "Logs", "Messages", "Migration", "ProblemDocuments",
        "Razor", "Refusals", "Relay", "Removal", "Restores", "Shown", "Store", "Sweeper", "Telemetry", "Texts", "Uuid",
    ];

    const int LongestProgram = 25;

    [Fact]
    public void Every_file_is_as_agreed()
    {
        Assert.True(Source.All.Count > 100);
        Assert.Empty(Source.All.SelectMany(Violations));
        Assert.Equal(Hosting, Source.All.Where(s => s.Path.StartsWith("services/Hosting/", StringComparison.Ordinal)).Select(s => Path.GetFileNameWithoutExtension(s.Path)).Order(StringComparer.Ordinal));
    }

    public static TheoryData<string, string, string> Bad => new()
    {
        { "services/Hosting/Extras.cs", "class Extras;", "Hosting" },
        { "services/Authoring/Program.cs", string.Concat(Enumerable.Repeat("app.MapMore();\n", 26)), "Program" },
        { "services/Authoring/Articles/Draft.cs", "var at = DateTimeOffset.UtcNow;", "clock" },
        { "services/Authoring/Articles/Draft.cs", "var at = DateTime.Now;", "clock" },
        { "services/Authoring/Articles/Draft.cs", "Thread.Sleep(5);", "Sleep" },
        { "services/Authoring/Articles/Draft.cs", "var x = task.GetAwaiter().GetResult();", "blocks" },
        { "services/Authoring/Articles/Articles.cs", "app.Logger.LogError(\"It failed\");", "dropped" },
        { "services/Authoring/Articles/Articles.cs", "builder.Services.AddHostedService<Clock>();", "AddWorker" },
        { "services/Authoring/Articles/Articles.cs", "builder.Services.AddHostedService(s => new Clock(s));", "AddWorker" },
        { "services/Authoring/Articles/Draft.cs", "\"select pg_advisory_lock(1)\"", "outlives" },
        { "services/Authoring/Articles/Draft.cs", "\"set statement_timeout = 0\"", "outlives" },
        { "services/Authoring/Articles/Draft.cs", "\"select 1; SET work_mem TO '1GB'\"", "outlives" },
        { "services/Authoring/Articles/Draft.cs", "\"select set_config('work_mem', '1GB', false)\"", "outlives" },
        { "services/Authoring/Articles/Draft.cs", "$\"LISTEN {channel}\"", "outlives" },
        { "services/Authoring/Articles/Draft.cs", "await store.BulkInsertAsync(rows);", "outlives" },
    };

    [Theory, MemberData(nameof(Bad))]
    public void One_that_is_not_is_reported(string path, string text, string why) => Assert.Contains(Violations(new(path, text)), v => v.Contains(why));

    static IEnumerable<string> Violations(Source s)
    {
        if (s.Path.StartsWith("services/Hosting/", StringComparison.Ordinal) && !Hosting.Contains(Path.GetFileNameWithoutExtension(s.Path))) yield return $"{s.Path}: not one of Hosting's files";
        if (s.Path.EndsWith("/Program.cs", StringComparison.Ordinal) && s.Text.TrimEnd().Split('\n').Length > LongestProgram) yield return $"{s.Path}: a Program lists rooms, and no more";
        if (Clock().IsMatch(s.Text)) yield return $"{s.Path}: takes the time past the clock that tests can set";
        if (Session().IsMatch(s.Text) && s.Path is not ("services/Hosting/Relay.cs" or "services/Identity/Database/Database.cs")) yield return $"{s.Path}: outlives its transaction on a connection that others get next as it is";
        if (s.Text.Contains("Thread.Sleep", StringComparison.Ordinal)) yield return $"{s.Path}: Sleep";
        if (s.Text.Contains(".AddHostedService", StringComparison.Ordinal) && s.Path != "services/Hosting/Defaults.cs") yield return $"{s.Path}: where only requests are answered it would work, too; AddWorker asks first";
        if (s.Text.Contains(".GetAwaiter().GetResult()", StringComparison.Ordinal)) yield return $"{s.Path}: blocks a thread";
        if (s.Text.Contains("app.Logger", StringComparison.Ordinal)) yield return $"{s.Path}: what that says is dropped; app.OwnLogger() is ours";
    }

    // What listens has a connection of its own; Identity's are set back when they are returned.
    [GeneratedRegex("""pg_(try_)?advisory_lock(_shared)?\(|["';]\s*(set|SET)\s+(?!(local|LOCAL)\b)\w+\s*(=|to\b|TO\b)|set_config\(|"LISTEN |"listen |\.BulkInsert""")]
    private static partial Regex Session();

    [GeneratedRegex(@"\bDateTime(Offset)?\.(UtcNow|Now|Today)\b")]
    private static partial Regex Clock();

    [Fact]
    public void Every_type_is_called_what_it_is() =>
        Assert.DoesNotContain(Part.All.Select(p => p.Assembly).Append(typeof(Vigil.Hosting.Decision).Assembly).Append(typeof(Vigil.Contracts.Authoring.ArticleReleased).Assembly)
            .SelectMany(a => a.GetTypes()).Where(t => !t.IsDefined(typeof(CompilerGeneratedAttribute), false) && t.Namespace?.StartsWith("Vigil", StringComparison.Ordinal) == true)
            .Select(t => t.Name), IsVague);

    [Theory, InlineData("ArticleHelper"), InlineData("MailManager"), InlineData("Common"), InlineData("ArticleRepository"), InlineData("HandlerBase"), InlineData("StringUtils"), InlineData("SlugExtensions")]
    public void A_vague_name_is_reported(string name) => Assert.True(IsVague(name));

    static bool IsVague(string name) => Vague().IsMatch(name.Split('`')[0]);

    [GeneratedRegex("(Helpers?|Manager|Common|Repository|Base|Utils?|Utilities|Extensions|Misc)$")]
    private static partial Regex Vague();
}
