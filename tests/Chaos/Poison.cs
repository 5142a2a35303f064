using Vigil.Kit;

namespace Vigil.Chaos;

/// <summary>Messages that no service could ever handle.</summary>
static class Poison
{
    const string Exchange = "authoring.article-released.v1", Type = "application/vnd.masstransit+json";

    /// <returns>How many were sent.</returns>
    public static async Task<int> Send(Platform platform)
    {
        string[] bodies = ["", "no JSON at all", "{", "[]", "null", """{"message":{}}""", """{"messageType":["urn:message:authoring:article-released:v1"],"message":{}}""", """{"messageType":["authoring:article-released:v1"],"message":{"articleId":"not an id"}}""", new string('[', 10_000), """{"messageType":["authoring:article-released:v1"],"message":null}"""];
        foreach (var body in bodies) await platform.Wire.PublishRaw(Exchange, body, Type);
        return bodies.Length;
    }
}
