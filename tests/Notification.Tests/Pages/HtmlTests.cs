using Vigil.Notification.Pages;

namespace Vigil.Notification.Tests.Pages;

public class HtmlTests
{
    [Fact]
    public void Words_are_encoded_and_markup_is_not()
    {
        var name = "<b title=\"x\">Ärger & 'Not'</b>";
        Assert.Equal("<p>&lt;b title=&quot;x&quot;&gt;Ärger &amp; &#x27;Not&#x27;&lt;/b&gt;</p>", Html.Of($"<p>{name}</p>").Value);
        Assert.Equal("<p><i>x</i>3</p>", Html.Of($"<p>{Html.Of($"<i>x</i>")}{3}{(string?)null}</p>").Value);
    }

    [Theory]
    [InlineData("de", Language.De)]
    [InlineData("de-AT", Language.De)]
    [InlineData("DE", Language.De)]
    [InlineData("den", Language.En)]
    [InlineData("en-AU", Language.En)]
    [InlineData("ko", Language.En)]
    [InlineData(null, Language.En)]
    public void The_nearest_language_is_taken(string? tag, Language language) => Assert.Equal(language, Phrases.Nearest(tag));

    [Fact]
    public void Both_languages_say_everything() =>
        Assert.All(typeof(Phrases).GetProperties(), p => Assert.All(Enum.GetValues<Language>(), l => Assert.False(string.IsNullOrWhiteSpace((string)p.GetValue(Phrases.In(l))!))));
}
