using Vigil.Hosting;

namespace Vigil.Authoring.Articles;

/// <summary>A command on an article: its address below the article, who may give it, and what it would decide now.</summary>
/// <param name="Ask">The command's own decision, asked for the plainest request.</param>
/// <param name="Proposes">Where it may take two people: what the first proposes.</param>
public sealed record Offer(string Name, string Policy, Func<Article, Caller, DateTimeOffset, Decision> Ask, ProposalKind? Proposes = null)
{
    // Words that nobody has written: what they say does not matter to the answer.
    public static readonly TextHash SomeText = new("");

    public string Route => $"/{{id:guid}}/{Name}";

    /// <summary>Would this caller change something with it?</summary>
    public bool IsOpen(Article article, Caller caller, DateTimeOffset at) => caller.May(Policy) && Sight.Reaches(article, caller, this) && Ask(article, caller, at) is Decision.Recorded;
}
