namespace Vigil.Authoring.Newsroom;

/// <summary>The newsroom's pages: one more client of the newsroom's API, for people.</summary>
public static class Newsroom
{
    public const string Path = "/newsroom";

    public static void AddNewsroom(this WebApplicationBuilder builder) =>
        // Asked first: the framework's own would answer a browser with JSON.
        builder.Services.Insert(0, ServiceDescriptor.Singleton<IProblemDetailsWriter, RefusalWriter>());

    public static void MapNewsroom(this WebApplication app)
    {
        var pages = app.MapGroup(Path);
        DeskPage.Map(pages);
        ArticlePage.Map(pages);
        EditPage.Map(pages);
        CommandPage.Map(pages);
        Stylesheet.Map(pages);
    }
}
