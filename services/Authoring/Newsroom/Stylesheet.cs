using System.Security.Cryptography;
using System.Text;

namespace Vigil.Authoring.Newsroom;

/// <summary>The one sheet of all pages, built in; its address names its content, so browsers may keep it for ever.</summary>
static class Stylesheet
{
    const string File = "newsroom.css";

    static readonly byte[] Content = Read();

    static readonly string Digest = Convert.ToHexStringLower(SHA256.HashData(Content).AsSpan(0, 6));

    public static string Address { get; } = $"{Newsroom.Path}/assets/{File}?v={Digest}";

    static byte[] Read()
    {
        using var reader = new StreamReader(typeof(Stylesheet).Assembly.GetManifestResourceStream(File)!);
        return Encoding.UTF8.GetBytes(reader.ReadToEnd());
    }

    public static void Map(RouteGroupBuilder pages) => pages.MapGet($"/assets/{File}", (string? v, HttpContext http) =>
    {
        http.Response.Headers.CacheControl = v == Digest ? "public, max-age=31536000, immutable" : "no-cache";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        return Results.Bytes(Content, "text/css; charset=utf-8");
    }).AllowAnonymous();
}
