using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Vigil.Identity.Pages;

/// <summary>Whole pages, rendered here and sent at once.</summary>
public static class Show
{
    public static string Style { get; } = Read("style.css");
    public static string StyleHash { get; } = $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'";

    public static void AddPages(this WebApplicationBuilder builder)
    {
        builder.Services.AddRazorComponents();
        builder.Services.AddSingleton<PageHeaders>();
    }

    public static IResult Page<T>(int status, Dictionary<string, object?> parameters, bool hasScript = false) where T : IComponent =>
        new Whole(new RazorComponentResult<T>(parameters) { StatusCode = status, PreventStreamingRendering = true }, hasScript);

    sealed class Whole(IResult content, bool hasScript) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.RequestServices.GetRequiredService<PageHeaders>().Set(httpContext.Response.Headers, hasScript);
            return content.ExecuteAsync(httpContext);
        }
    }

    public static string Read(string name)
    {
        using var reader = new StreamReader(typeof(Show).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
