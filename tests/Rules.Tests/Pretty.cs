using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vigil.Rules.Tests;

/// <summary>JSON for eyes.</summary>
static class Pretty
{
    static readonly JsonSerializerOptions Options = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Json(JsonNode node) => node.ToJsonString(Options) + "\n";

    /// <summary>The same object as a later version may send it.</summary>
    public static JsonObject WithUnknownMember(JsonNode node)
    {
        var later = node.DeepClone().AsObject();
        later["addedLater"] = new JsonObject { ["x"] = 1 };
        return later;
    }

    /// <summary>Members that are null or empty, left out, as a sender may that does not know them.</summary>
    public static JsonObject WithoutEmptyMembers(JsonNode node)
    {
        var terse = node.DeepClone().AsObject();
        foreach (var (name, _) in terse.Where(m => m.Value is null).ToArray()) terse.Remove(name);
        return terse;
    }

    /// <summary>Names and words that a stored or sent JSON should not have: capitals in names, numbers for enums.</summary>
    public static IEnumerable<string> WrongNames(JsonNode? node, string path = "$") => node switch
    {
        JsonObject o => o.SelectMany(m => (char.IsAsciiLetterLower(m.Key[0]) ? [] : new[] { $"{path}.{m.Key}" }).Concat(WrongNames(m.Value, $"{path}.{m.Key}"))),
        JsonArray a => a.SelectMany((n, i) => WrongNames(n, $"{path}[{i}]")),
        _ => [],
    };
}
