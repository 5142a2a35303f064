using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vigil.Hosting;

/// <summary>The short name of an edition, such as <c>au</c>: an address, not words, so events may hold it.</summary>
[JsonConverter(typeof(EditionKeyJson))]
public readonly partial record struct EditionKey(string Value)
{
    [System.Text.RegularExpressions.GeneratedRegex("^[a-z][a-z0-9-]{1,19}\\z")]
    private static partial System.Text.RegularExpressions.Regex Shape();

    public static bool IsValid(string value) => Shape().IsMatch(value);

    public override string ToString() => Value;
}

sealed class EditionKeyJson : JsonConverter<EditionKey>
{
    public override EditionKey Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => new(reader.GetString()!);
    public override void Write(Utf8JsonWriter writer, EditionKey value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
}
