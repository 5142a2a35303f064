using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using Vigil.Authoring.Articles;
using Vigil.Hosting;

namespace Vigil.Authoring.Newsroom;

/// <summary>
/// The newsroom's API as its pages use it: the endpoint that a client would reach, with its policy, its binding and its refusals, called
/// inside the process for the person who asks. So a page neither sees nor does what the API does not grant, and no rule is written twice.
/// </summary>
public sealed class Api(HttpContext http)
{
    /// <summary>The path below that of articles, as a template; with it the article's id takes the place of the parameter.</summary>
    public const string OfArticle = "/{id:guid}";

    /// <param name="Faults">Why nothing was done; empty when it was.</param>
    public sealed record Reply(int Status, JsonElement Body, IReadOnlyList<Fault> Faults)
    {
        public long Version => Body.GetProperty("version").GetInt64();
    }

    public static ValueTask<Api> BindAsync(HttpContext http) => ValueTask.FromResult(new Api(http));

    /// <summary>Reads; a refusal is the page's own.</summary>
    public async Task<T> Read<T>(string path, Guid? id = null, string? query = null)
    {
        var reply = await Send(HttpMethods.Get, path, id, null, query: query);
        return reply.Faults.Count == 0 ? reply.Body.Deserialize<T>(Json.Stored)! : throw new RefusedException([.. reply.Faults]);
    }

    /// <summary>None for whoever sees only what is live.</summary>
    public async Task<IReadOnlyList<ListRevisions.Item>> Revisions(Guid article) => (await OfWhole<ListRevisions.View>($"{OfArticle}/revisions", article))?.Items ?? [];

    /// <summary>As it was; null for whoever sees only what is live.</summary>
    public Task<ArticleView?> AsOf(Guid article, long version) => OfWhole<ArticleView>(OfArticle, article, $"?version={version}");

    async Task<T?> OfWhole<T>(string path, Guid article, string? query = null) where T : class
    {
        var reply = await Send(HttpMethods.Get, path, article, null, query: query);
        return reply.Faults.Count == 0 ? reply.Body.Deserialize<T>(Json.Stored) : null;
    }

    /// <summary>Where the endpoint asks for a newer sign-in: the refusal that has the gateway ask for it, before anything is typed.</summary>
    public IResult? AsksAnew(string method, string path) => Find(method, path).Metadata.GetMetadata<Fresh>() is null ? null : Fresh.Ask(http);

    public async Task<Reply> Send(string method, string path, Guid? id, JsonObject? body, string? version = null, string? key = null, string? query = null)
    {
        var endpoint = Find(method, path);
        if (!await IsAllowed(endpoint)) return Refuse(new Fault("auth.forbidden"));
        var call = new DefaultHttpContext { RequestServices = http.RequestServices, User = http.User, RequestAborted = http.RequestAborted };
        call.SetEndpoint(endpoint);
        call.Request.Method = method;
        call.Request.Path = $"{Articles.Articles.Path}{path.Replace("{id:guid}", $"{id}", StringComparison.Ordinal)}".TrimEnd('/');
        call.Request.QueryString = new(query ?? "");
        if (id is not null) call.Request.RouteValues["id"] = $"{id}";
        if (!string.IsNullOrEmpty(version)) call.Request.Headers.IfMatch = $"\"{version}\"";
        if (key is not null) call.Request.Headers["Idempotency-Key"] = key;
        if (body is not null)
        {
            var bytes = JsonSerializer.SerializeToUtf8Bytes(body);
            call.Request.Headers[HeaderNames.ContentType] = "application/json";
            call.Request.ContentLength = bytes.Length;
            call.Request.Body = new MemoryStream(bytes);
            call.Features.Set<IHttpRequestBodyDetectionFeature>(new HasBody());
        }
        using var answer = new MemoryStream();
        call.Response.Body = answer;
        try { await Command.HashBody(call, endpoint.RequestDelegate!); }
        catch (RefusedException refused) { return Refuse([.. refused.Faults]); }
        catch (StaleException) { return Refuse(new Fault("precondition.stale", "If-Match")); }
        await call.Response.CompleteAsync();
        // What the page reads afterwards must not wipe it.
        if (call.Response.Headers.WWWAuthenticate is { Count: > 0 } challenge) http.Response.Headers.WWWAuthenticate = challenge;
        var said = JsonSerializer.Deserialize<JsonElement>(answer.ToArray());
        return call.Response.StatusCode < 400 ? new(call.Response.StatusCode, said, []) : new(call.Response.StatusCode, said, [.. FaultsOf(said)]);
    }

    static IEnumerable<Fault> FaultsOf(JsonElement problem) => problem.TryGetProperty("errors", out var errors)
        ? errors.EnumerateArray().Select(e => new Fault(e.GetProperty("code").GetString()!, e.GetProperty("field").GetString(), e.TryGetProperty("most", out var most) ? most.GetInt32() : null))
        : [new(problem.GetProperty("code").GetString()!)];

    static Reply Refuse(params Fault[] faults) => new(Refusals.Of(faults[0].Code).Status, default, faults);

    RouteEndpoint Find(string method, string path) => http.RequestServices.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .Single(e => e.RoutePattern.RawText == $"{Articles.Articles.Path}{path}" && e.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains(method) == true);

    async Task<bool> IsAllowed(RouteEndpoint endpoint)
    {
        var judge = http.RequestServices.GetRequiredService<IAuthorizationService>();
        var policies = endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>();
        foreach (var policy in policies)
            if (!(await judge.AuthorizeAsync(http.User, http, policy.Policy!)).Succeeded) return false;
        return policies.Count > 0;
    }

    sealed class HasBody : IHttpRequestBodyDetectionFeature
    {
        public bool CanHaveBody => true;
    }
}
