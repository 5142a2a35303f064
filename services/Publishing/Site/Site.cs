namespace Vigil.Publishing.Site;

public static class Site
{
    public static void AddSite(this WebApplicationBuilder builder) => builder.Services.AddSingleton<EditionDirectory>();

    public static void MapSite(this WebApplication app)
    {
        FrontPage.Map(app);
        NewsPage.Map(app);
        StoryPage.Map(app);
        CountriesPage.Map(app);
        CountryPage.Map(app);
        TopicPage.Map(app);
        CorrectionsPage.Map(app);
        RobotsText.Map(app);
        AssetFiles.Map(app);
        NotFoundPage.Map(app);
    }
}
