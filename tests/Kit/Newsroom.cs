using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Vigil.Kit;

/// <summary>The public API as one account uses it. Nothing is checked here: the reply says what came of it.</summary>
public sealed class Newsroom(Platform platform, Func<Task<string?>> token)
{
    const string Articles = "/api/newsroom/v1/articles";

    public Task<Reply> Draft(JsonObject article, string? key = null) => Send(HttpMethod.Post, Articles, article, key: key);
    public Task<Reply> Revise(Guid id, long version, JsonObject article) => Send(HttpMethod.Put, $"{Articles}/{id}", article, ifMatch: $"\"{version}\"");
    public Task<Reply> Read(Guid id, string query = "") => Send(HttpMethod.Get, $"{Articles}/{id}{query}");
    public Task<Reply> List(string query = "") => Send(HttpMethod.Get, $"{Articles}{query}");
    public Task<Reply> Revisions(Guid id) => Send(HttpMethod.Get, $"{Articles}/{id}/revisions");

    public Task<Reply> Submit(Guid id) => Do(id, "submission");
    public Task<Reply> Approve(Guid id) => Do(id, "approval");
    public Task<Reply> RequestChanges(Guid id, string note) => Do(id, "changes-request", new() { ["note"] = note });
    public Task<Reply> Publish(Guid id, string? mail = null, params IReadOnlyList<string> editions) => Do(id, "publication", new JsonObject()
        .With("mail", mail).With("editions", editions.Count > 0 ? new JsonArray([.. editions]) : null));
    public Task<Reply> Withdraw(Guid id, string? reason = null, params IReadOnlyList<string> editions) => Do(id, "withdrawal", new JsonObject()
        .With("reason", reason).With("editions", editions.Count > 0 ? new JsonArray([.. editions]) : null));
    public Task<Reply> TakeDown(Guid id, string? reason = null) => Do(id, "takedown", new JsonObject().With("reason", reason));
    public Task<Reply> Erase(Guid id, int revision, string? reason = null) => Do(id, "erasure", new JsonObject { ["revision"] = revision }.With("reason", reason));
    public Task<Reply> EraseNotes(Guid id, string? reason = null) => Do(id, "erasure", new JsonObject { ["notes"] = true }.With("reason", reason));
    public Task<Reply> Protect(Guid id) => Do(id, "protection", new() { ["protected"] = true });
    public Task<Reply> LiftProtection(Guid id, string? reason) => Do(id, "protection", new JsonObject { ["protected"] = false }.With("reason", reason));
    public Task<Reply> Assign(Guid id, Account to) => Do(id, "assignment", new() { ["to"] = $"{to.Id}" });
    public Task<Reply> Unassign(Guid id, Account from) => Drop(id, $"assignment/{from.Id}");
    public Task<Reply> Clear(Guid id) => Do(id, "clearance");
    public Task<Reply> Embargo(Guid id, DateTimeOffset? until) => Do(id, "embargo", new() { ["until"] = until is { } at ? $"{at:O}" : null });
    public Task<Reply> Schedule(Guid id, DateTimeOffset at, string? mail = null, params IReadOnlyList<string> editions) => Do(id, "schedule", new JsonObject { ["at"] = $"{at:O}" }
        .With("mail", mail).With("editions", editions.Count > 0 ? new JsonArray([.. editions]) : null));
    public Task<Reply> ScheduleLocally(Guid id, string local, params IReadOnlyList<string> editions) => Do(id, "schedule", new JsonObject { ["local"] = local }
        .With("editions", editions.Count > 0 ? new JsonArray([.. editions]) : null));
    public Task<Reply> Correct(Guid id, string @class, string? note = null, string? mail = null) => Do(id, "correction", new JsonObject { ["class"] = @class }.With("note", note).With("mail", mail));
    public Task<Reply> CorrectProtectively(Guid id, long version, JsonObject article) => Do(id, "protective-correction", article, ifMatch: $"\"{version}\"");
    public Task<Reply> Retract(Guid id, string notice, string? reason = null, string? mail = null) => Do(id, "retraction", new JsonObject { ["notice"] = notice }.With("reason", reason).With("mail", mail));
    public Task<Reply> Reissue(Guid id) => Do(id, "reissue");

    /// <summary>DELETE on a command: what one person proposed, or what is scheduled, is dropped.</summary>
    public Task<Reply> Drop(Guid id, string command, string? key = null, string? ifMatch = null) => Send(HttpMethod.Delete, $"{Articles}/{id}/{command}", key: key, ifMatch: ifMatch);
    public Task<Reply> Mailings() => Send(HttpMethod.Get, "/api/notification/v1/mailings");

    /// <summary>A command on an article; without a body none is sent.</summary>
    public Task<Reply> Do(Guid id, string command, JsonObject? body = null, string? key = null, string? ifMatch = null) =>
        Send(HttpMethod.Post, $"{Articles}/{id}/{command}", body, key, ifMatch);

    public Task<Reply> Send(HttpMethod method, string path, JsonNode? body = null, string? key = null, string? ifMatch = null) =>
        Send(method, path, body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"), key, ifMatch);

    public async Task<Reply> Send(HttpMethod method, string path, HttpContent? content, string? key = null, string? ifMatch = null)
    {
        var request = new HttpRequestMessage(method, platform.At(path)) { Content = content };
        if (await token() is { } bearer) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        if (key is not null) request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        if (ifMatch is not null) request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        return await platform.Send(request);
    }
}
