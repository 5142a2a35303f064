using Vigil.Hosting;
using Vigil.Publishing.Publications;

namespace Vigil.Publishing.Site;

/// <summary>Keeps what a request reads of stories, and says it in the answer: what was not read cannot be shown, so no page can forget it.</summary>
public static class ShownStories
{
    static readonly AsyncLocal<List<Shown>?> Read = new();

    public static void UseShownStories(this WebApplication app) => app.Use((http, next) =>
    {
        List<Shown> read = [];
        Read.Value = read;
        http.Response.OnStarting(() =>
        {
            http.Response.Headers[Shown.Header] = Shown.Say(read);
            return Task.CompletedTask;
        });
        return next(http);
    });

    public static PublicArticle Noted(this PublicArticle story)
    {
        Read.Value?.Add(new(story.Article, story.Version, story.Edition, story.Slug));
        return story;
    }

    public static CorrectionLine Noted(this CorrectionLine line)
    {
        Read.Value?.Add(new(line.Article, line.Version, line.Edition, line.Slug ?? ""));
        return line;
    }

    public static RetractedArticle Noted(this RetractedArticle story)
    {
        Read.Value?.Add(new(story.Article, story.Version, story.Edition, story.Slug ?? ""));
        return story;
    }
}
