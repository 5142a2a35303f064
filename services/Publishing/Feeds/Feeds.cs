namespace Vigil.Publishing.Feeds;

public static class Feeds
{
    public static void MapFeeds(this WebApplication app) => NewsRss.Map(app);
}
