using System.Text.RegularExpressions;
using Vigil.Hosting;
using Vigil.Kit;

namespace Vigil.Rules.Tests.Architecture;

/// <summary>What we refuse with, and what the refused can do about it.</summary>
public partial class RefusalTests
{
    [Fact]
    public void Codes_status_and_messages_are_those_approved() =>
        Approved.Is("Rules.Tests/Architecture/refusals.approved.txt",
            string.Concat(Refusals.All.OrderBy(r => r.Key, StringComparer.Ordinal).Select(r => $"{r.Key} {r.Value.Status}: {r.Value.Message}{(r.Value.Unit is { } unit ? $" It may have … {unit}." : null)}\n")));

    [Fact]
    public void Every_message_is_whole_sentences_and_every_status_a_refusal() => Assert.Empty(Refusals.All.SelectMany(r => Violations(r.Key, r.Value)));

    [Theory, InlineData("Article.Unknown", 404, "It is unknown. Look again."), InlineData("article.unknown", 200, "It is unknown. Look again."),
     InlineData("article.unknown", 404, "unknown article"), InlineData("article.unknown", 404, "Article {id} is unknown.")]
    public void One_that_is_not_is_reported(string code, int status, string message) => Assert.NotEmpty(Violations(code, new(status, message)));

    static IEnumerable<string> Violations(string code, Refusals.Refusal refusal)
    {
        if (!Code().IsMatch(code)) yield return $"{code} is no code";
        if (refusal.Status is < 400 or > 599) yield return $"{code} refuses with {refusal.Status}";
        if (!Message().IsMatch(refusal.Message)) yield return $"{code} says: {refusal.Message}";
    }

    [GeneratedRegex("^[a-z]+(\\.[a-z]+(-[a-z]+)*)+$")]
    private static partial Regex Code();

    [GeneratedRegex(@"^[A-Z][^{}]{10,160}\.$")]
    private static partial Regex Message();

    [Fact]
    public void Every_code_in_the_source_is_listed_and_every_listed_one_is_used() => Assert.Empty(Mismatches(Refusals.All.Keys, Source.All));

    [Fact]
    public void A_code_that_is_not_is_reported()
    {
        Source[] source = [new("services/X.cs", "return Decision.Refuse(\"article.mistyped\"); throw new RefusedException(new Fault(\"artcle.known\", \"x\")); Refusals.Problem(\"article.known\")")];
        Assert.Equal(["artcle.known is not listed", "article.mistyped is not listed", "article.unused is not used"], Mismatches(["article.known", "article.unused"], source));
    }

    static IEnumerable<string> Mismatches(IEnumerable<string> codes, IEnumerable<Source> source)
    {
        var listed = codes.ToHashSet();
        var kinds = string.Join('|', listed.Select(c => c.Split('.')[0]).Distinct().Order(StringComparer.Ordinal));
        var text = string.Join('\n', source.Where(s => !s.Path.EndsWith("Hosting/Refusals.cs", StringComparison.Ordinal)).Select(s => s.Text));
        // Any literal of a known kind is a code, and any literal handed to a refusal is.
        var used = Regex.Matches(text, $"\"((?:{kinds})\\.[a-z]+(?:-[a-z]+)*)\"").Concat(Refusing().Matches(text)).Select(m => m.Groups[1].Value).ToHashSet();
        return [.. used.Except(listed).Order(StringComparer.Ordinal).Select(c => $"{c} is not listed"), .. listed.Except(used).Order(StringComparer.Ordinal).Select(c => $"{c} is not used")];
    }

    [GeneratedRegex(@"\b(?:Fault|Refuse|Problem)\(\s*""([^""]*)""")]
    private static partial Regex Refusing();
}
