namespace Vigil.Publishing.Site;

/// <summary>Crawlers may read everything, also the addresses of removed stories: they have to see that those are gone.</summary>
public static class RobotsText
{
    public static void Map(IEndpointRouteBuilder site) => site.MapPublic("/robots.txt", (ServedEdition _) => Answer.Of("User-agent: *\nDisallow:\n", "text/plain; charset=utf-8"));
}
