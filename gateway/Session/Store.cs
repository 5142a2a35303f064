using System.Net;
using System.Net.Http.Headers;
using Vigil.Hosting;

namespace Vigil.Gateway.Session;

/// <summary>Sessions are kept by the identity service, for all gateways together.</summary>
sealed class Store : IDisposable
{
    public sealed record Content(byte[] Sealed, int Version, DateTimeOffset Until);

    readonly HttpClient _http;

    public Store(Settings settings)
    {
        _http = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(2), PooledConnectionLifetime = TimeSpan.FromMinutes(2), UseCookies = false, AllowAutoRedirect = false })
        {
            BaseAddress = new Uri(settings.Store, "/inner/sessions/"), Timeout = TimeSpan.FromSeconds(5),
        };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", settings.StoreSecret);
    }

    public Task Begin(SessionId id, string subject, string? mark, byte[] content, string? replaces, CancellationToken ct) =>
        Send(HttpMethod.Put, id.Hash, new { subject, mark, @sealed = content, replaces }, HttpStatusCode.NoContent, ct);

    /// <summary>Null: it has ended.</summary>
    public async Task<Content?> Read(SessionId id, CancellationToken ct)
    {
        using var answer = await Ask(HttpMethod.Get, id.Hash, null, ct);
        if (answer.StatusCode is HttpStatusCode.NotFound) return null;
        Must(answer, HttpStatusCode.OK);
        return await answer.Content.ReadFromJsonAsync<Content>(Json.Stored, ct);
    }

    /// <summary>Whether this gateway is the one to renew what it read.</summary>
    public Task<bool> Lease(SessionId id, int version, CancellationToken ct) => Send(HttpMethod.Post, $"{id.Hash}/lease", new { version }, HttpStatusCode.NoContent, ct);

    public Task<bool> Replace(SessionId id, int version, byte[] content, CancellationToken ct) =>
        Send(HttpMethod.Put, $"{id.Hash}/content", new { version, @sealed = content }, HttpStatusCode.NoContent, ct);

    public Task End(SessionId id, bool everywhere, CancellationToken ct) => Send(HttpMethod.Delete, everywhere ? $"{id.Hash}/everywhere" : id.Hash, null, HttpStatusCode.NoContent, ct);

    public void Dispose() => _http.Dispose();

    /// <summary>False: others changed it meanwhile.</summary>
    async Task<bool> Send(HttpMethod method, string path, object? body, HttpStatusCode done, CancellationToken ct)
    {
        using var answer = await Ask(method, path, body, ct);
        if (answer.StatusCode is HttpStatusCode.Conflict) return false;
        Must(answer, done);
        return true;
    }

    async Task<HttpResponseMessage> Ask(HttpMethod method, string path, object? body, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body, options: Json.Stored) };
        try { return await _http.SendAsync(request, ct); }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !ct.IsCancellationRequested) { throw new AwayException(); }
    }

    static void Must(HttpResponseMessage answer, HttpStatusCode status)
    {
        if (answer.StatusCode != status) throw new AwayException();
    }
}

/// <summary>The store of sessions or the provider does not answer as it should; nobody is signed out for that.</summary>
sealed class AwayException() : Exception("server.unavailable");
