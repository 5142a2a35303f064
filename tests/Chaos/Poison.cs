using Vigil.Kit;

namespace Vigil.Chaos;

/// <summary>Messages that no service could ever handle.</summary>
static class Poison
{
    const string Exchange = "authoring.article-released.v1", Type = "application/vnd.masstransit+json";

    /// <summary>Cannot be read, which is an error.</summary>
    public static IReadOnlyList<string> Unreadable { get; } =
    [
        "", "no JSON at all", "{", "[]", "null", new string('[', 10_000), """{"messageType":["authoring:article-released:v1"],"message":null}""",
        """{"messageType":["authoring:article-released:v1"],"message":{"articleId":"not an id"}}""",
    ];

    /// <summary>Says that it is nothing that is known here, and is skipped.</summary>
    public static IReadOnlyList<string> Foreign { get; } = ["""{"message":{}}""", """{"messageType":["urn:message:authoring:article-released:v1"],"message":{}}"""];

    public static async Task Send(Platform platform)
    {
        foreach (var body in Unreadable.Concat(Foreign)) await platform.Wire.PublishRaw(Exchange, body, Type);
    }
}
