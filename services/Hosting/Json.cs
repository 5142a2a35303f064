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
        json.Converters.Add(new EnumNames());
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

/// <summary>
/// An enum is one of its names on the wire and nothing else. The framework's own converter also takes several at once, whose sum may be
/// no value at all.
/// </summary>
sealed class EnumNames : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsEnum;

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Names<>).MakeGenericType(typeToConvert))!;

    sealed class Names<T> : JsonConverter<T> where T : struct, Enum
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType is JsonTokenType.String && Cursor.TryName<T>(reader.GetString()!, out var value) ? value : throw new UnknownNameException(Cursor.NamesOf(typeof(T)));

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            writer.WriteStringValue(JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString()));
    }
}

/// <summary>A name that an enum does not have. Says those that it has, and not what was sent.</summary>
sealed class UnknownNameException(IEnumerable<string> accepted) : JsonException
{
    public IReadOnlyList<string> Accepted { get; } = [.. accepted];
}
