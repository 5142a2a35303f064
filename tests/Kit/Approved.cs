using Xunit;

namespace Vigil.Kit;

/// <summary>Texts that a person has approved: a promise changes only where its approved file changes with it.</summary>
public static class Approved
{
    public static string Root { get; } = FindRoot();

    /// <param name="path">Below tests/.</param>
    public static void Is(string path, string received)
    {
        var file = Path.Combine(Root, "tests", path);
        var approved = File.Exists(file) ? File.ReadAllText(file) : null;
        if (approved == received) return;
        // Left beside it for a person to read and rename; never approved by itself.
        File.WriteAllText(file.Replace(".approved.", ".received.", StringComparison.Ordinal), received);
        Assert.Fail($"{path} {(approved is null ? "is missing" : "differs")}. Received:\n{(approved is null ? received : Difference(approved, received))}");
    }

    static string Difference(string approved, string received)
    {
        var (a, r) = (approved.Split('\n'), received.Split('\n'));
        return string.Join('\n', a.Except(r).Select(l => $"- {l}").Concat(r.Except(a).Select(l => $"+ {l}")));
    }

    static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Platform.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException("Run the tests from inside the repository.");
    }
}
