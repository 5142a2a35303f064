using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Vigil.Authoring.Articles;

/// <summary>The last part of an article's address.</summary>
public static partial class Slugs
{
    const int Longest = 80;

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*\\z")]
    private static partial Regex Shape();

    public static bool IsValid(string slug) => slug.Length is > 0 and <= Longest && Shape().IsMatch(slug);

    /// <summary>Letters without their marks, digits, and single hyphens; scripts that leave nothing of this give <c>story</c>.</summary>
    public static string From(string headline)
    {
        var slug = new StringBuilder();
        foreach (var c in headline.Replace("ß", "ss", StringComparison.Ordinal).Normalize(NormalizationForm.FormD).ToLowerInvariant())
            if (c is >= 'a' and <= 'z' or >= '0' and <= '9') slug.Append(c);
            else if (c is '\'' or '’' || CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.NonSpacingMark) continue;
            else if (slug.Length > 0 && slug[^1] != '-') slug.Append('-');
        var text = slug.ToString().Trim('-');
        if (text.Length > Longest) text = text[..(text.LastIndexOf('-', Longest) is > 20 and var cut ? cut : Longest)].Trim('-');
        return text.Length == 0 ? "story" : text;
    }
}
