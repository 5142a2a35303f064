using System.Globalization;
using System.Text;

namespace Vigil.Publishing.Site;

/// <summary>The part of an address that stands for a name: lower-case letters of any script, digits, single hyphens.</summary>
public static class Slug
{
    public static string Of(string name)
    {
        var slug = new StringBuilder(name.Length);
        // Broken Unicode cannot be normalised.
        var whole = string.Concat(name.EnumerateRunes().Where(r => r.Value != 0xfffe));
        foreach (var rune in whole.Normalize(NormalizationForm.FormD).ToLowerInvariant().Replace("ß", "ss", StringComparison.Ordinal).EnumerateRunes())
            if (Rune.IsLetterOrDigit(rune) || IsVowelSign(rune)) slug.Append(rune.ToString());
            else if (rune.Value is '\'' or '’' || Rune.GetUnicodeCategory(rune) == UnicodeCategory.NonSpacingMark) continue;
            else if (slug.Length > 0 && slug[^1] != '-') slug.Append('-');
        return slug.ToString().Trim('-').Normalize(NormalizationForm.FormC);
    }

    // The marks of European letters can go; in other scripts they are part of the word.
    static bool IsVowelSign(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark && rune.Value is < 0x300 or > 0x36f;
}
