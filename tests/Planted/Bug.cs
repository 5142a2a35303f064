namespace Vigil.Planted;

/// <summary>
/// One bug of bugs.txt: a line that says what is wrong, one <c>by Project[: class filter]</c> for whoever should find it, and changes. Changes
/// stand after <c>in path</c>: the lines that go, each after "-", and then those that come, each after "+". What goes must stand exactly once in the file.
/// </summary>
public sealed record Bug(int Number, string What, string Project, string Classes, IReadOnlyList<Change> Changes)
{
    public static IReadOnlyList<Bug> Read(string text) => [.. text.ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
        .Where(b => !b.StartsWith('#')).Select((b, i) => Parse(i + 1, b.Trim('\n').Split('\n')))];

    static Bug Parse(int number, string[] lines)
    {
        if (lines is not [var what, ['b', 'y', ' ', .. var by], .. var rest]) throw new FormatException($"Bug {number} begins with what it is and by whom it is found.");
        var (project, classes) = by.Split(": ") is [var p, var c] ? (p, c) : (by, "*");
        List<Change> changes = [];
        foreach (var line in rest)
            switch (line)
            {
                case ['i', 'n', ' ', .. var path]: changes.Add(new(path, [], [])); break;
                case ['-', .. var goes]:
                    if (changes[^1].Comes.Count > 0) changes.Add(new(changes[^1].Path, [], []));
                    changes[^1].Goes.Add(goes);
                    break;
                case ['+', .. var comes]: changes[^1].Comes.Add(comes); break;
                default: throw new FormatException($"Bug {number} has a line that is none of its kind: {line}");
            }
        return new(number, what, project, classes, changes);
    }
}

public sealed record Change(string Path, List<string> Goes, List<string> Comes)
{
    /// <summary>The text with the bug in it; null: what should go is not there, or more than once.</summary>
    public string? Plant(string text)
    {
        var goes = string.Join('\n', Goes);
        var at = text.IndexOf(goes, StringComparison.Ordinal);
        return at < 0 || goes.Length == 0 || text.IndexOf(goes, at + 1, StringComparison.Ordinal) >= 0 ? null : text[..at] + string.Join('\n', Comes) + text[(at + goes.Length)..];
    }
}
