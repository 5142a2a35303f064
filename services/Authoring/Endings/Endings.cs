using Vigil.Hosting;

namespace Vigil.Authoring.Endings;

/// <summary>What the other parts ask of Authoring, past broker and gateway, so that a removal needs neither.</summary>
public static class Endings
{
    public const string Lane = "endings";

    public static void AddEndings(this WebApplicationBuilder builder) => builder.AddInner();

    public static void MapEndings(this WebApplication app)
    {
        app.MapLane(Lane, Announcements.All);
        WithdrawDarkened.Map(app);
    }
}
