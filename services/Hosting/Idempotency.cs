using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using JasperFx;
using Marten;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Vigil.Hosting;

/// <summary>
/// One command as it reached us: who, when, on which version (If-Match), under which Idempotency-Key. <see cref="Receipt"/> is the
/// row of that key, unique to account, method, path and key; null without a key.
/// </summary>
public sealed record Command(Caller Caller, DateTimeOffset At, long? Expected, Guid? Receipt, string? BodyHash)
{
    /// <summary>The method and the route of its address.</summary>
    public string Name { get; init; } = "";

    const string BodyHashItem = "vigil.body-hash";

    public static ValueTask<Command> BindAsync(HttpContext http)
    {
        var caller = Caller.From(http.User);
        var clock = (TimeProvider)http.RequestServices.GetService(typeof(TimeProvider))!;
        Guid? receipt = KeyOf(http.Request) is { } key ? Uuid.From("command", caller.Id, http.Request.Method, http.Request.Path, key) : null;
        // As fine as the database keeps it, or a cursor could not tell two neighbours apart.
        var now = clock.GetUtcNow();
        return ValueTask.FromResult(new Command(caller, now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond)), Version(http.Request.Headers.IfMatch), receipt, http.Items[BodyHashItem] as string)
            { Name = $"{http.Request.Method} {(http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText}" });
    }

    /// <summary>For addresses that overwrite: without If-Match they would overwrite blindly (RFC 6585 §3).</summary>
    public Command MustExpect() => Expected is null ? throw new RefusedException(new Fault("precondition.required", "If-Match")) : this;

    static long? Version(string? header) => header switch
    {
        null or "" or "*" => null,
        ['"', .. var digits, '"'] when long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version > 0 => version,
        _ => throw new RefusedException(new Fault("request.bad-precondition", "If-Match")),
    };

    static string? KeyOf(HttpRequest request)
    {
        if (!request.Headers.TryGetValue("Idempotency-Key", out var header)) return null;
        var key = header.ToString();
        return key.Length is > 0 and <= 200 && key.All(c => c is > ' ' and <= '~') ? key
            : throw new RefusedException(new Fault("request.bad-key", "Idempotency-Key"));
    }

    /// <summary>Reads the body once more, ahead of its binding, where a key asks for its hash.</summary>
    public static async Task HashBody(HttpContext http, RequestDelegate next)
    {
        if (http.Request.Headers.TryGetValue("Idempotency-Key", out var key))
        {
            // In memory: what is sent here must not be left in a temporary file.
            http.Request.EnableBuffering(Defaults.BodyLimit, Defaults.BodyLimit);
            // Keyed by what is not stored, so that nobody can try out what an erased note may have said.
            http.Items[BodyHashItem] = Convert.ToHexStringLower(await HMACSHA256.HashDataAsync(Encoding.UTF8.GetBytes(key.ToString()), http.Request.Body, http.RequestAborted));
            http.Request.Body.Position = 0;
        }
        await next(http);
    }
}

/// <summary>That a command was carried out, kept a week: the same key again is answered from the state at <see cref="Version"/>.</summary>
public sealed record Receipt(Guid Id, Guid Stream, string? BodyHash, long Version, bool Created, DateTimeOffset At)
{
    public static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    public static void Register(StoreOptions store) => store.Schema.For<Receipt>().Index(r => r.At);
}
