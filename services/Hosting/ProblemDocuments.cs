using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using Npgsql;

namespace Vigil.Hosting;

/// <summary>What went wrong with a request, as its sender is told (RFC 9457), and what the log is told when it was our fault.</summary>
static partial class ProblemDocuments
{
    internal static string? Unmapped(int status) => status switch
    {
        404 => "request.not-found",
        405 => "request.method-not-allowed",
        413 => "request.too-large",
        415 => "request.not-json",
        _ => null,
    };

    internal static async Task Explain(HttpContext http)
    {
        var fault = http.Features.Get<IExceptionHandlerFeature>()!.Error;
        switch (fault)
        {
            case RefusedException refused: await Refusals.Problem(refused.Faults).ExecuteAsync(http); return;
            case StaleException stale:
                await Refusals.Problem([new Fault("precondition.stale", "If-Match")], new Dictionary<string, object?> { ["expected"] = stale.Expected, ["current"] = stale.Current }).ExecuteAsync(http);
                return;
            case BadHttpRequestException { InnerException: UnknownNameException name }:
                await Refusals.Problem(Understand(name), new Dictionary<string, object?> { ["accepted"] = name.Accepted }).ExecuteAsync(http);
                return;
            case BadHttpRequestException { InnerException: JsonException json }: await Refusals.Problem(Understand(json)).ExecuteAsync(http); return;
            case InvalidOperationException when MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type) && type is { Charset.HasValue: true, Encoding: null }:
                await Refusals.Problem("request.not-json").ExecuteAsync(http);
                return;
            case InvalidDataException: await Refusals.Problem("request.malformed").ExecuteAsync(http); return;
            case BadHttpRequestException bad when QueryParameter().Match(bad.Message) is { Success: true } match:
                await Refusals.Problem("request.bad-query", match.Groups[1].Value).ExecuteAsync(http);
                return;
            case BadHttpRequestException bad: await Refusals.Problem(Unmapped(bad.StatusCode) ?? "request.malformed").ExecuteAsync(http); return;
            case OperationCanceledException when http.RequestAborted.IsCancellationRequested: return;
        }
        // NUL is the one character that JSON has and PostgreSQL has not.
        if (Store.Postgres(fault) is PostgresErrorCodes.UntranslatableCharacter or PostgresErrorCodes.CharacterNotInRepertoire)
        {
            await Refusals.Problem("request.malformed").ExecuteAsync(http);
            return;
        }
        var outage = Store.IsOutage(fault);
        http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("Vigil.Fault")
            .LogError("{Fault} at {Place} ({Outage}), trace {Trace}", fault.GetType().Name, Place(fault), outage ? "outage" : "defect", Activity.Current?.TraceId);
        if (outage) http.Response.Headers.RetryAfter = "5";
        await Refusals.Problem(outage ? "server.unavailable" : "server.fault").ExecuteAsync(http);
    }

    static string Place(Exception e) => new StackTrace(e).GetFrames().FirstOrDefault(f => f.GetMethod()?.DeclaringType?.Namespace?.StartsWith("Vigil", StringComparison.Ordinal) == true)
        is { } frame ? $"{frame.GetMethod()!.DeclaringType!.FullName}.{frame.GetMethod()!.Name}" : "unknown place";

    // The framework says what it met in words only; a test covers each of these phrases. They name members of our own shapes, never what was sent.
    [GeneratedRegex("""^Failed to bind parameter "\S+ (\w+)" from """)]
    private static partial Regex QueryParameter();

    [GeneratedRegex("missing required properties including: (.+)\\.$")]
    private static partial Regex MissingMembers();

    static IReadOnlyList<Fault> Understand(JsonException e)
    {
        var place = PlaceOf(e.Path);
        if (MissingMembers().Match(e.Message) is { Success: true } missing)
            return [.. missing.Groups[1].Value.Split(", ").Select(m => m.Trim('\'', ' ')).Select(m => new Fault("request.missing-member", place is null ? m : $"{place}.{m}"))];
        if (!e.Message.Contains("could not be mapped to any .NET member", StringComparison.Ordinal)) return [new("request.malformed", place)];
        // The path ends in the name that was sent; only where it stood is said.
        var end = e.Path!.IndexOf("['", StringComparison.Ordinal) is >= 0 and var quoted ? quoted : e.Path.LastIndexOf('.');
        return [new("request.unknown-member", PlaceOf(end < 0 ? null : e.Path[..end]))];
    }

    static string? PlaceOf(string? path) => path is null or "$" ? null : path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : path;
}
