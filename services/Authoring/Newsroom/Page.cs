using System.Text;
using Microsoft.AspNetCore.Components;
using Vigil.Hosting;

namespace Vigil.Authoring.Newsroom;

/// <summary>A page as it leaves: never kept by anybody, and allowed nothing but its own stylesheet and its own forms, of which the one to sign out leads on to the provider.</summary>
sealed record Page(string Html, int Status) : IResult
{
    static string Policy(IConfiguration configuration) =>
        $"default-src 'none'; style-src 'self'; form-action 'self' {new Uri(configuration["Identity:Issuer"]!).GetLeftPart(UriPartial.Authority)}; base-uri 'none'; frame-ancestors 'none'";

    public static async Task<IResult> Of<T>(Dictionary<string, object?> parameters, int status = StatusCodes.Status200OK) where T : IComponent =>
        new Page(await Razor.Render<T>(parameters), status);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (response, bytes) = (httpContext.Response, Encoding.UTF8.GetBytes(Html));
        response.StatusCode = Status;
        response.ContentType = "text/html; charset=utf-8";
        response.ContentLength = bytes.Length;
        response.Headers.CacheControl = "no-store";
        response.Headers.ContentSecurityPolicy = Policy(httpContext.RequestServices.GetRequiredService<IConfiguration>());
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        await response.Body.WriteAsync(bytes, httpContext.RequestAborted);
    }
}

/// <summary>After a form has been taken: look there, by GET, so that a reload sends nothing again (RFC 9110 §15.4.4).</summary>
sealed record SeeOther(string Location) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
        httpContext.Response.Headers.Location = Location;
        httpContext.Response.Headers.CacheControl = "no-store";
        return Task.CompletedTask;
    }
}

/// <summary>What would be a problem document for a program is a page for a person, wherever in the process it was refused.</summary>
sealed class RefusalWriter : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => context.HttpContext.Request.Path.StartsWithSegments(Newsroom.Path, StringComparison.Ordinal);

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var (http, problem) = (context.HttpContext, context.ProblemDetails);
        var page = await Page.Of<RefusalPage>(new()
        {
            [nameof(RefusalPage.Who)] = http.User.FindFirst("sub") is null ? null : Person.From(http.User),
            [nameof(RefusalPage.Fault)] = new Fault(problem.Extensions.TryGetValue("code", out var code) ? $"{code}" : "server.fault", problem.Extensions.TryGetValue("field", out var field) ? $"{field}" : null),
            [nameof(RefusalPage.Trace)] = System.Diagnostics.Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier,
        }, problem.Status ?? http.Response.StatusCode);
        await page.ExecuteAsync(http);
    }
}
