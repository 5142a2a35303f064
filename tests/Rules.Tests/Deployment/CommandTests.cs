using Vigil.Kit;

namespace Vigil.Rules.Tests.Deployment;

/// <summary>What whoever runs Vigil types.</summary>
public sealed class CommandTests
{
    /// <summary>All but what installs the parts, which knows of no installation.</summary>
    public static TheoryData<string> Commands => [.. new DirectoryInfo(Path.Combine(Approved.Root, "deploy")).GetFiles()
        .Where(f => f.UnixFileMode.HasFlag(UnixFileMode.UserExecute) && f.Name != "install").Select(f => f.Name)];

    [Theory, InlineData(""), InlineData("no-such-part")]
    public async Task What_is_no_part_is_not_kept_running(string part) => Assert.Contains("usage: deploy/supervise postgres|rabbitmq|",
        (await Assert.ThrowsAsync<InvalidOperationException>(() => Script.Run("deploy/supervise", [part], new Dictionary<string, string> { ["VIGIL_RUN"] = "/nowhere" }))).Message, StringComparison.Ordinal);

    [Theory, MemberData(nameof(Commands))]
    public async Task Each_shows_its_manual(string command)
    {
        var said = await Script.Run($"deploy/{command}", ["--help"], new Dictionary<string, string> { ["VIGIL_RUN"] = "/nowhere" });
        Assert.Contains($"\n  deploy/{command}", said, StringComparison.Ordinal);
        Assert.DoesNotContain("set -", said, StringComparison.Ordinal);
    }
}
