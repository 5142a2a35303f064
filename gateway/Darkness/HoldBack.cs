using Vigil.Hosting;
using Yarp.ReverseProxy.Model;
using Yarp.ReverseProxy.Transforms;

namespace Vigil.Gateway.Darkness;

/// <summary>
/// No answer leaves that shows what has to be dark. A story's own address answers as after a withdrawal or takedown; a list that still has it
/// is being brought up to date (503), since a list without it is Publishing's to make.
/// </summary>
sealed class HoldBack(DenyList denied, KnownEndings endings)
{
    const string Story = nameof(Story);
    const string Publishing = "publishing";

    /// <summary>A story's own address needs no origin to be dark. Routes say in their metadata which part of the path names the story.</summary>
    public Task Guard(HttpContext http, Func<Task> next) =>
        PartOf(http) is { } part && denied.Open.Any(o => o.Denies(part)) ? Refuse(http, StatusCodes.Status404NotFound) : next();

    public ValueTask Check(ResponseTransformContext context)
    {
        var http = context.HttpContext;
        if (context.ProxyResponse is not { } answer || http.GetReverseProxyFeature().Cluster.Config.ClusterId != Publishing) return ValueTask.CompletedTask;
        http.Response.Headers.Remove(Shown.Header);
        var shown = answer.Headers.TryGetValues(Shown.Header, out var said) ? Shown.Read(said) : null;
        // Every answer says what it shows; of one that does not, nobody knows.
        var status = shown is not null ? shown.Select(Of).Max() : (int)answer.StatusCode < 400 && denied.Open.Any() ? StatusCodes.Status503ServiceUnavailable : null;
        if (status is null) return ValueTask.CompletedTask;
        context.SuppressResponseBody = true;
        return new(Refuse(http, PartOf(http) is null ? StatusCodes.Status503ServiceUnavailable : status.Value));
    }

    int? Of(Shown story) => endings.Ended(story) ?? (denied.Open.Any(o => o.Denies(story)) ? StatusCodes.Status404NotFound : null);

    static string? PartOf(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<RouteModel>()?.Config.Metadata?.GetValueOrDefault(Story) is { } name
        ? http.GetRouteValue(name) as string : null;

    static Task Refuse(HttpContext http, int status)
    {
        http.Response.Clear();
        http.Response.Headers.CacheControl = "no-store";
        if (status == StatusCodes.Status503ServiceUnavailable) http.Response.Headers.RetryAfter = "2";
        return PlainPage.Or(http, status switch { 404 => "publication.unknown", 410 => "publication.gone", _ => "publication.updating" }).ExecuteAsync(http);
    }
}
