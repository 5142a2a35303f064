using System.Collections.Frozen;
using System.Globalization;
using System.Resources;
using System.Security.Cryptography;

namespace Vigil.Publishing.Site;

/// <summary>
/// The files that pages refer to: those of wwwroot/assets, held in the assembly, so that a page has its stylesheet wherever the process
/// was started. An address that names the content's digest may be kept for ever.
/// </summary>
public static class AssetFiles
{
    sealed record Asset(Answer Answer, string Digest);

    static readonly FrozenDictionary<string, Asset> All = Read(("site.css", "text/css; charset=utf-8"), ("favicon.svg", "image/svg+xml"));

    public static string Stylesheet { get; } = AddressOf("site.css");
    public static string Favicon { get; } = AddressOf("favicon.svg");

    static string AddressOf(string name) => $"/assets/{name}?v={All[name].Digest}";

    static FrozenDictionary<string, Asset> Read(params ReadOnlySpan<(string Name, string ContentType)> files)
    {
        var resources = new ResourceManager(typeof(AssetFiles));
        Dictionary<string, Asset> assets = [];
        foreach (var (name, contentType) in files)
        {
            var answer = Answer.Of(resources.GetString(name, CultureInfo.InvariantCulture) ?? throw new InvalidOperationException($"{name} was not built in."), contentType);
            assets[name] = new(answer, Convert.ToHexStringLower(SHA256.HashData(answer.Body.Span).AsSpan(0, 6)));
        }
        return assets.ToFrozenDictionary();
    }

    public static void Map(IEndpointRouteBuilder site) => site.MapPublic("/assets/{name}", (string name, string? v) =>
        !All.TryGetValue(name, out var asset) ? Hosting.Refusals.Problem("request.not-found") : asset.Answer with { ForEver = v == asset.Digest });
}
