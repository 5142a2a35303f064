using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Vigil.Identity.Pages;

/// <summary>Whole pages without script, rendered here and sent at once.</summary>
public static class Show
{
    public static string Style { get; } = Read("style.css");
    public static string StyleHash { get; } = $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'";

    public static void AddPages(this WebApplicationBuilder builder)
    {
        builder.Services.AddRazorComponents();
        builder.Services.AddSingleton<PageHeaders>();
    }

    public static IResult Page<T>(int status, Dictionary<string, object?> parameters) where T : IComponent =>
        new Whole(new RazorComponentResult<T>(parameters) { StatusCode = status, PreventStreamingRendering = true });

    sealed class Whole(IResult content) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.RequestServices.GetRequiredService<PageHeaders>().Set(httpContext.Response.Headers);
            return content.ExecuteAsync(httpContext);
        }
    }

    static string Read(string name)
    {
        using var reader = new StreamReader(typeof(Show).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
