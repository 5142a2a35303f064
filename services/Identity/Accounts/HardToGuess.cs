using Microsoft.AspNetCore.Identity;

namespace Vigil.Identity.Accounts;

/// <summary>
/// No password that guessers try early: common words, names, rows of the keyboard, runs and repetitions, also in capitals and with digits
/// for letters. What is left of a password without these must be something still (NIST SP 800-63B asks for a list of such).
/// </summary>
sealed class HardToGuess : IPasswordValidator<Account>
{
    const int LeastLeft = 8;

    // What leaked lists are made of, the longer before what they hold; four letters and more.
    static readonly string[] Common =
    [
        "administrator", "changeme", "password", "passwort", "passwd", "passw", "iloveyou", "liverpool", "superman", "baseball", "football", "princess", "sunshine", "whatever", "trustno", "starwars",
        "computer", "internet", "michelle", "jennifer", "christian", "jesus", "welcome", "letmein", "default", "example", "security", "monkey", "dragon", "shadow", "master", "michael", "charlie",
        "jessica", "thomas", "jordan", "hunter", "ashley", "bailey", "summer", "winter", "spring", "autumn", "flower", "cheese", "freedom", "google", "samsung", "facebook", "qwert", "qwerz", "azerty",
        "login", "admin", "guest", "secret", "access", "hello", "angel", "lovely", "love", "user", "test", "root", "temp", "pass", "word", "news", "editor", "writer", "publisher",
    ];
    static readonly string[] Rows = ["qwertyuiop", "qwertzuiop", "azertyuiop", "asdfghjkl", "zxcvbnm", "yxcvbnm", "1234567890", "abcdefghijklmnopqrstuvwxyz"];

    public Task<IdentityResult> ValidateAsync(UserManager<Account> manager, Account user, string? password) =>
        Task.FromResult(Left(password ?? "", user.UserName!) >= LeastLeft ? IdentityResult.Success : IdentityResult.Failed(new IdentityError { Code = nameof(HardToGuess) }));

    static int Left(string password, string name)
    {
        var text = password.ToLowerInvariant();
        foreach (var word in new[] { name, "newsroom", "vigil" }) text = text.Replace(word, "", StringComparison.Ordinal);
        text = Whole(text);
        foreach (var word in Common)
            for (var at = Read(text).IndexOf(word, StringComparison.Ordinal); at >= 0; at = Read(text).IndexOf(word, StringComparison.Ordinal)) text = text.Remove(at, word.Length);
        return text.Where((c, i) => i == 0 || !Follows(text[i - 1], c)).Count();
    }

    /// <summary>Once what is written several times.</summary>
    static string Whole(string text)
    {
        for (var length = 1; length <= text.Length / 2; length++)
            if (text.Length % length == 0 && text == string.Concat(Enumerable.Repeat(text[..length], text.Length / length))) return text[..length];
        return text;
    }

    static string Read(string text) => string.Concat(text.Select(c => c switch { '0' => 'o', '1' or '!' => 'i', '3' => 'e', '4' or '@' => 'a', '5' or '$' => 's', '7' => 't', _ => c }));

    static bool Follows(char before, char c) => before == c || Rows.Any(row => row.IndexOf(before) is >= 0 and var at && row.IndexOf(c) is >= 0 and var next && Math.Abs(at - next) == 1);
}
