using CsCheck;
using Vigil.Authoring.Articles;

namespace Vigil.Authoring.Tests.Articles;

public class SlugTests
{
    [Fact]
    public void Every_headline_gives_a_valid_slug() => Gen.OneOf(Gen.String, Gen.String[Gen.Char["aZéß’' -–—09北\u0301"], 0, 300]).Sample(headline =>
    {
        var slug = Slugs.From(headline);
        Assert.True(Slugs.IsValid(slug), slug);
        Assert.Equal(slug, Slugs.From(slug));
    });

    [Theory]
    [InlineData("Church raided at night", "church-raided-at-night")]
    [InlineData("Pastor’s “crime”: réading — Größe", "pastors-crime-reading-grosse")]
    [InlineData("  --  ", "story")]
    [InlineData("北韓", "story")]
    [InlineData("broken \ud800 half", "broken-half")]
    public void A_headline_becomes_its_slug(string headline, string slug) => Assert.Equal(slug, Slugs.From(headline));

    [Fact]
    public void A_long_headline_is_cut_between_words()
    {
        var slug = Slugs.From(string.Join(' ', Enumerable.Repeat("seven", 40)));
        Assert.True(slug.Length <= 80 && slug.EndsWith("-seven", StringComparison.Ordinal), slug);
        Assert.Equal(80, Slugs.From(new string('a', 200)).Length);
    }

    [Theory, InlineData(""), InlineData("-a"), InlineData("a-"), InlineData("a--b"), InlineData("A"), InlineData("ä"), InlineData("a b"), InlineData("a\n"), InlineData("a/b"), InlineData("a.b")]
    public void What_is_no_slug_is_refused(string slug) => Assert.False(Slugs.IsValid(slug));
}
