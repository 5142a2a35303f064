using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.Net.Http.Headers;
using Vigil.Hosting;

namespace Vigil.Publishing.Site;

/// <summary>
/// A public answer. Anybody may keep a 200, but asks before showing it again, since what is removed must be gone; its strong ETag is a
/// digest of its bytes, so it changes exactly when they do. There is no Last-Modified: a list goes back in time when a story is taken
/// from it, and whoever asks by date alone would then keep the story. Other answers are not kept at all.
/// </summary>
public sealed record Answer(ReadOnlyMemory<byte> Body, string ContentType, int Status = 200) : IResult
{
    /// <summary>For an address whose content never changes.</summary>
    public bool ForEver { get; init; }

    public static Answer Of(string text, string contentType) => new(Encoding.UTF8.GetBytes(text), contentType);

    public static async Task<Answer> Page<T>(Dictionary<string, object?> parameters, int status = 200) where T : IComponent =>
        new(Encoding.UTF8.GetBytes(await Razor.Render<T>(parameters)), "text/html; charset=utf-8", status);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        if (Status == 200)
        {
            var tag = new EntityTagHeaderValue($"\"{Base64Url.EncodeToString(SHA256.HashData(Body.Span).AsSpan(0, 18))}\"");
            response.Headers.CacheControl = ForEver ? "public, max-age=31536000, immutable" : "public, max-age=0, must-revalidate";
            response.Headers.ETag = tag.ToString();
            if (httpContext.Request.GetTypedHeaders().IfNoneMatch.Any(seen => seen.Equals(EntityTagHeaderValue.Any) || seen.Compare(tag, useStrongComparison: false)))
            {
                response.StatusCode = 304;
                return;
            }
        }
        else response.Headers.CacheControl = "no-store";
        response.StatusCode = Status;
        response.ContentType = ContentType;
        response.ContentLength = Body.Length;
        if (!HttpMethods.IsHead(httpContext.Request.Method)) await response.Body.WriteAsync(Body, httpContext.RequestAborted);
    }
}
