using Marten;
using Vigil.Contracts.Authoring;

namespace Vigil.Publishing.Publications;

/// <summary>What is kept of a retracted story, under a hash of its own: enough to say which one it was. Everything else of it is erased.</summary>
public sealed record RetractedStory(string Headline, string Language, IReadOnlyList<string> Countries, IReadOnlyList<string> Topics)
{
    public static RetractedStory Of(ReleasedText text) => new(text.Headline, text.Language, text.Countries, text.Topics);
}

/// <summary>
/// The row that a retracted story's page, its feed item and its content API item are made of, apart from the rows of live ones, so that
/// no list can show it by mistake.
/// </summary>
/// <param name="Id">The publication.</param>
/// <param name="At">When it was retracted.</param>
/// <param name="Slug">Null once the words that it was made of are erased; its page still answers there.</param>
/// <param name="Story">Null once its text is erased.</param>
/// <param name="Notice">Null once it is erased.</param>
public sealed record RetractedArticle(
    Guid Id, Guid Article, string Edition, long Version, DateTimeOffset? Published, DateTimeOffset At, string NoticeHash,
    string? Slug, RetractedStory? Story, RetractionNotice? Notice)
{
    public static void Register(StoreOptions store) => store.Schema.For<RetractedArticle>().Index(a => a.Article).Index([a => a.Edition, a => a.At]);
}
