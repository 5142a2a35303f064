using Vigil.Hosting;

namespace Vigil.Authoring.Articles;

/// <summary>A note or reason for colleagues: kept as a text, cited by hash, never exported.</summary>
public sealed record Reason(string Words)
{
    public static Reason? Read(string? words, string field)
    {
        if (string.IsNullOrWhiteSpace(words)) return null;
        if (Fault.OfLength(words, 2000, field) is { } fault) throw new RefusedException(fault);
        if (ArticleText.HasBadCharacter(words, lines: true)) throw new RefusedException(new Fault("text.bad-character", field));
        return new(words.Trim());
    }
}
