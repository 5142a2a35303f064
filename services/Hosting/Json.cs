using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vigil.Hosting;

/// <summary>The two dialects: what clients send (strict) and what we store (forgiving of members that later versions add).</summary>
public static class Json
{
    public static JsonSerializerOptions Stored { get; } = Shape(new(JsonSerializerDefaults.General));

    public static JsonSerializerOptions Shape(JsonSerializerOptions json)
    {
        json.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        // Never inside HTML, where the strict one would be needed: words in every script stay readable and small.
        json.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        json.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false));
        json.RespectNullableAnnotations = true;
        return json;
    }

    /// <summary>Unknown, doubled or missing members, wrong types, numbers as text and deep nesting are refused.</summary>
    public static void Strict(JsonSerializerOptions json)
    {
        Shape(json);
        json.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        json.AllowDuplicateProperties = false;
        json.PropertyNameCaseInsensitive = false;
        json.NumberHandling = JsonNumberHandling.Strict;
        json.RespectRequiredConstructorParameters = true;
        json.MaxDepth = 32;
    }
}
