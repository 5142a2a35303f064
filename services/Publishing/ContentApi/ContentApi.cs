namespace Vigil.Publishing.ContentApi;

public static class ContentApi
{
    public static void MapContentApi(this WebApplication app)
    {
        var edition = app.MapGroup("/api/content/v1/editions/{edition}");
        ListArticles.Map(edition);
        ReadArticle.Map(edition);
        ListCountries.Map(edition);
    }
}
