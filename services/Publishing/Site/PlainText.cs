using System.Net;
using System.Text.RegularExpressions;

namespace Vigil.Publishing.Site;

/// <summary>What our own HTML says, without its markup: one line per block.</summary>
public static partial class PlainText
{
    [GeneratedRegex(@"<(?:br|hr|/?(?:p|h[1-6]|li|[uo]l|dl|dt|dd|blockquote|pre|figure|figcaption|section|div|table|tr))\b(?:[^<>""']|""[^""]*""|'[^']*')*>", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase)]
    private static partial Regex BlockTag();

    [GeneratedRegex(@"<(?:[^<>""']|""[^""]*""|'[^']*')*>", RegexOptions.NonBacktracking)]
    private static partial Regex Tag();

    [GeneratedRegex(@"[ \t\r\f]+", RegexOptions.NonBacktracking)]
    private static partial Regex Space();

    public static string Of(string html)
    {
        var lines = WebUtility.HtmlDecode(Tag().Replace(BlockTag().Replace(html.Replace('\n', ' '), "\n"), "")).Split('\n');
        return string.Join('\n', lines.Select(l => Space().Replace(l, " ").Trim()).Where(l => l.Length > 0));
    }

    /// <summary>The beginning of a text, cut between words.</summary>
    public static string Beginning(string text, int longest)
    {
        var line = text.ReplaceLineEndings(" ");
        if (line.Length <= longest) return line;
        var cut = line.LastIndexOf(' ', longest);
        return string.Concat(line.AsSpan(0, cut > 0 ? cut : char.IsLowSurrogate(line[longest]) ? longest - 1 : longest), "…");
    }
}
