using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Vigil.Journeys;

/// <summary>An installation of its own, as somebody who has read nothing but the README brings it up.</summary>
[Collection(nameof(BroughtUp)), Trait("kind", "drill")]
public sealed partial class ReadmeTests(ReadmeTests.Up installed) : IClassFixture<ReadmeTests.Up>
{
    public sealed class Up : IAsyncLifetime
    {
        public BroughtUp Vigil { get; } = new();
        public string Said { get; private set; } = "";

        public async ValueTask InitializeAsync()
        {
            await Vigil.Wipe();
            Said = await Vigil.Run("deploy/up", "--native");
        }

        public ValueTask DisposeAsync() => Vigil.DisposeAsync();
    }

    [GeneratedRegex("^```bash\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Commands();

    [Fact]
    public async Task Its_commands_do_what_it_says()
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(Approved.Root, "README.md"), TestContext.Current.CancellationToken);
        foreach (var line in PrintedByUp(readme)) Assert.Contains(line.Replace("8080", $"{installed.Vigil.Port}", StringComparison.Ordinal), installed.Said, StringComparison.Ordinal);

        var story = string.Concat(Commands().Matches(readme).Select(m => m.Groups[1].Value));
        var told = await Bash(story);
        foreach (var words in new[] { "You are subscribed", "<h1>A lamp in the window", "\"slug\":\"a-lamp-in-the-window\"", "You have left the list", "/news/a-lamp-in-the-window is gone" })
            Assert.Contains(words, told, StringComparison.Ordinal);

        Assert.Contains("publishing: 0 set aside", await Run("deploy/messages", "list"), StringComparison.Ordinal);
        Assert.Contains("usage: deploy/messages list", await Refusal("deploy/messages", "show", "none"), StringComparison.Ordinal);
        Assert.Contains("No message of no-such-queue is set aside", await Refusal("deploy/messages", "redrive", "--queue", "no-such-queue"), StringComparison.Ordinal);
        var parts = await installed.Vigil.AllParts();
        await Run("deploy/up");
        Assert.Equal(parts, await installed.Vigil.AllParts());

        Process.GetProcessById(parts["publishing"]).Kill();
        var again = await Wait.Until(installed.Vigil.Parts, p => p.Count == 7 && p["publishing"] != parts["publishing"], "publishing started again", TimeSpan.FromMinutes(1));
        Assert.Equal(parts.Where(p => p.Key != "publishing"), again.Where(p => p.Key != "publishing"));
    }

    /// <summary>A story is taken down after the backup; its site shows it before, and never again.</summary>
    [Fact]
    public async Task A_backup_is_put_back_and_what_was_taken_down_since_stays_down()
    {
        var backup = (await Run("deploy/backup", "--keep", "3")).Trim();
        Assert.Equal(["manifest", "vigil.dump"], Directory.GetFiles(backup).Select(Path.GetFileName).Order());
        var gone = (await Bash($$"""
            vigil=http://127.0.0.1:{{installed.Vigil.Port}}
            item=$(curl -fsS "$vigil/api/content/v1/editions/au/articles?limit=1")
            id=$(grep -o '"id":"[^"]*' <<<"$item" | head -n 1 | cut -d '"' -f 4) slug=$(grep -o '"slug":"[^"]*' <<<"$item" | head -n 1 | cut -d '"' -f 4)
            curl -fsS -o /dev/null -X POST -H "Authorization: Bearer $(deploy/token duty)" "$vigil/api/newsroom/v1/articles/$id/takedown"
            until [[ $(curl -s -o /dev/null -w '%{http_code}' "$vigil/news/$slug") == 410 ]]; do sleep 0.05; done
            until [[ $(deploy/psql -d vigil_ledger -Atc "select count(*) from ledger.removals where article = '$id'") == 1 ]]; do sleep 0.05; done
            echo "$vigil/news/$slug"
            """)).Trim();

        var marker = Path.Combine(BroughtUp.Folder, "restore");
        var begun = Wait.Until(() => Task.FromResult(File.Exists(marker)), exists => exists, "a restore begun");
        await Assert.ThrowsAsync<InvalidOperationException>(() => installed.Vigil.RunUntil(begun, "deploy/restore", backup));
        Assert.Contains("A restore was interrupted", await Refusal("deploy/up"), StringComparison.Ordinal);
        var finished = await Run("/bin/bash", "-euc", $"cd '{Approved.Root}'; said=$(deploy/restore '{backup}' 2>&1) || {{ echo \"$said\" >&2; exit 1; }}; echo \"$said\"");
        Assert.Contains("Going on with the restore", finished, StringComparison.Ordinal);
        Assert.DoesNotContain("NOTICE", finished, StringComparison.Ordinal);
        Assert.False(File.Exists(marker));
        await installed.Vigil.AllParts();
        Assert.Equal("410", (await Bash($"curl -s -o /dev/null -w '%{{http_code}}' {gone}")).Trim());
        Assert.Equal("vigil vigil_ledger", (await Bash("""deploy/psql -Atc "select string_agg(datname, ' ' order by datname) from pg_database where datname like 'vigil%'" """)).Trim());

        Assert.Contains("entries of its own", (await Assert.ThrowsAsync<InvalidOperationException>(() => Bash("deploy/ledger | deploy/ledger --put-back"))).Message, StringComparison.Ordinal);
        // A disk is lost, and with it all but what was copied elsewhere.
        await Bash($"deploy/ledger >'{backup}/ledger' && cp \"$VIGIL_RUN/secrets/notification\" '{backup}/secret'");
        await Run("deploy/down", "--wipe");
        await Run("deploy/up", "--native");
        await Bash($"cp '{backup}/secret' \"$VIGIL_RUN/secrets/notification\"");
        await Run("deploy/up");
        Assert.Contains("is another one", await Refusal("deploy/restore", backup), StringComparison.Ordinal);
        await Bash($"deploy/ledger --put-back <'{backup}/ledger'");
        await Run("deploy/restore", backup);
        Assert.Equal("410", (await Bash($"curl -s -o /dev/null -w '%{{http_code}}' {gone}")).Trim());

        await File.AppendAllTextAsync(Path.Combine(backup, "vigil.dump"), "x", TestContext.Current.CancellationToken);
        Assert.Contains("damaged", await Refusal("deploy/restore", backup), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_upgrade_goes_service_by_service_and_one_step_back()
    {
        // As the launch file of another version differs.
        var launch = Path.Combine(BroughtUp.Folder, "parts", "publishing.launch");
        const string Other = "VIGIL_TESTED=before";
        await File.AppendAllTextAsync(launch, Other + "\n", TestContext.Current.CancellationToken);
        var before = await installed.Vigil.AllParts();
        var over = false;
        using var http = new HttpClient();
        var readers = Task.Run(async () =>
        {
            var seen = new HashSet<(string Path, int Status, bool SaysWhen)>();
            for (; !Volatile.Read(ref over); await Task.Delay(20))
                foreach (var path in new[] { "/", "/api/newsroom/v1/articles", "/subscribe" })
                    using (var answer = await http.GetAsync($"http://127.0.0.1:{installed.Vigil.Port}{path}"))
                        seen.Add((path, (int)answer.StatusCode, answer.Headers.RetryAfter is not null));
            return seen;
        }, TestContext.Current.CancellationToken);
        var said = await Run("deploy/upgrade");
        Assert.Contains("Upgrading publishing", said, StringComparison.Ordinal);
        Assert.Contains("Backup       ", said, StringComparison.Ordinal);
        Assert.DoesNotContain(Other, await File.ReadAllTextAsync(launch, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        var after = await installed.Vigil.AllParts();
        Assert.Equal(["publishing"], before.Keys.Where(part => after[part] != before[part]));

        await Run("deploy/upgrade", "--back");
        Assert.Contains(Other, await File.ReadAllTextAsync(launch, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Contains("nothing to go back to", await Refusal("deploy/upgrade", "--back"), StringComparison.Ordinal);
        Volatile.Write(ref over, true);
        Assert.Subset(new HashSet<(string, int, bool)> { ("/", 200, false), ("/", 503, true), ("/api/newsroom/v1/articles", 401, false), ("/subscribe", 200, false) }, await readers);
        // The other tests are told of an installation as deploy/up leaves it.
        await Run("deploy/up");
        Assert.DoesNotContain(Other, await File.ReadAllTextAsync(launch, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    /// <summary>The version of before is a copy of this tree's, and this tree's lacks its program.</summary>
    [Fact]
    public async Task A_version_that_does_not_start_is_taken_back_or_gone_on_with()
    {
        var parts = Path.Combine(BroughtUp.Folder, "parts");
        var launch = Path.Combine(parts, "publishing.launch");
        var before = Path.Combine(BroughtUp.Folder, "programs", "before");
        var said = await File.ReadAllTextAsync(launch, TestContext.Current.CancellationToken);
        var program = said.Split('\n')[1];
        var programs = Path.GetDirectoryName(Path.GetDirectoryName(program))!;
        await Bash($"cp -r '{programs}' '{before}'");
        await File.WriteAllTextAsync(launch, said.Replace(programs, before, StringComparison.Ordinal), TestContext.Current.CancellationToken);
        File.Move(program, program + ".away");

        try
        {
            Assert.Contains("publishing does not start", await Refusal("deploy/upgrade"), StringComparison.Ordinal);
            await Run("deploy/upgrade", "--back");
            Assert.Contains(before, await File.ReadAllTextAsync(launch, TestContext.Current.CancellationToken), StringComparison.Ordinal);
            await installed.Vigil.AllParts();
        }
        finally { File.Move(program + ".away", program); }

        // As an upgrade leaves it that was killed before it had started what it had put in place.
        await Run("deploy/upgrade");
        await File.WriteAllTextAsync(Path.Combine(parts, "upgrading"), "", TestContext.Current.CancellationToken);
        await Bash("kill -KILL $(cat $VIGIL_RUN/parts/publishing.lock)");
        await Run("deploy/up");
        Assert.False(File.Exists(Path.Combine(parts, "upgrading")));
        Assert.Equal(said, await File.ReadAllTextAsync(launch, TestContext.Current.CancellationToken));
        Assert.Contains(before, await File.ReadAllTextAsync(Path.Combine(parts, "publishing.before"), TestContext.Current.CancellationToken), StringComparison.Ordinal);

        // From the version after that one, it would be two steps.
        await File.AppendAllTextAsync(launch, "VIGIL_TESTED=before\n", TestContext.Current.CancellationToken);
        await Run("deploy/up");
        Assert.Contains("nothing to go back to", await Refusal("deploy/upgrade", "--back"), StringComparison.Ordinal);
        Assert.False(Directory.Exists(before));
    }

    Task<string> Run(string command, params string[] arguments) => installed.Vigil.Run(command, arguments);

    async Task<string> Refusal(string command, params string[] arguments) => (await Assert.ThrowsAsync<InvalidOperationException>(() => Run(command, arguments))).Message;

    Task<string> Bash(string commands) => Run("/usr/bin/timeout", "120", "bash", "-euo", "pipefail", "-c", $"cd '{Approved.Root}'\n{commands}");

    static string[] PrintedByUp(string readme)
    {
        var from = readme.IndexOf("Vigil is ready.", StringComparison.Ordinal);
        return readme[from..readme.IndexOf('…', from)].Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    }
}
