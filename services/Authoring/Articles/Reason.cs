using Vigil.Hosting;

namespace Vigil.Authoring.Articles;

/// <summary>A note or reason for colleagues: kept as a text, cited by hash, never exported.</summary>
public sealed record Reason(string Words)
{
    const int Longest = 2000;

    public static Reason? Read(string? words, string field)
    {
        if (string.IsNullOrWhiteSpace(words)) return null;
        if (words.Length > Longest) throw new RefusedException(new Fault("text.too-long", field, Longest));
        if (ArticleText.HasBadCharacter(words, lines: true)) throw new RefusedException(new Fault("text.bad-character", field));
        return new(words.Trim());
    }
}
