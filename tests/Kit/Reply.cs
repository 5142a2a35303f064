using System.Text.Json;
using Xunit;

namespace Vigil.Kit;

/// <summary>An answer, read whole.</summary>
public sealed record Reply(int Status, string Text, IReadOnlyDictionary<string, string> Headers)
{
    public static async Task<Reply> Of(HttpResponseMessage answer) => new((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(),
        answer.Headers.Concat(answer.Content.Headers).ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase));

    public string? ETag => Headers.GetValueOrDefault("ETag");
    public long Version => long.Parse(ETag!.Trim('"'));

    public JsonElement Body => JsonSerializer.Deserialize<JsonElement>(Text);
    public JsonElement this[string member] => Body.GetProperty(member);

    /// <summary>The code of a problem document.</summary>
    public string? Code => Headers.GetValueOrDefault("Content-Type")?.StartsWith("application/problem+json", StringComparison.Ordinal) == true && Body.TryGetProperty("code", out var code) ? code.GetString() : null;

    /// <summary>Of what a problem document first says that there is too much of, how many there may be.</summary>
    public int? Most => Body.TryGetProperty("errors", out var errors) && errors[0].TryGetProperty("most", out var most) ? most.GetInt32() : null;

    public override string ToString() => $"{Status} {(Text.Length > 1000 ? Text[..1000] : Text)}";

    /// <summary>Of an article.</summary>
    public Guid Id => this["id"].GetGuid();

    public Reply Must(int status)
    {
        if (Status != status) Assert.Fail($"{status} was expected, but came {this}");
        return this;
    }

    public Reply MustBe(int status, string code)
    {
        Must(status);
        Assert.Equal(code, Code);
        return this;
    }
}
