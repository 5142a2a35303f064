using System.Collections.Frozen;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Value = System.Collections.Generic.KeyValuePair<string, object?>;

namespace Vigil.Hosting;

/// <summary>
/// What a process may say, wherever its records go: our own templates with values of listed names, and some of the frameworks'. Of everything else
/// only warnings and worse pass, and of those only what event it was and what was thrown: a fault's words may quote what somebody wrote.
/// </summary>
public static partial class Logs
{
    const string Template = "{OriginalFormat}";

    /// <summary>Names in our own templates whose values are ids, types, numbers or words of ours.</summary>
    public static readonly FrozenSet<string> Placeholders = FrozenSet.Create("Account", "Caller", "Cluster", "Fault", "Kind", "Lane", "Loss", "MessageId", "Outage", "Place", "Queue", "Restore", "Seconds", "Sender", "Sequence",
        "Shard", "Trace");

    static readonly FrozenSet<string> Known = FrozenSet.Create("Now listening on: {address}", "Application started. Press Ctrl+C to shut down.", "Application is shutting down...",
        "Hosting environment: {EnvName}", "Content root path: {ContentRoot}", "Bus started: {HostAddress}", "Bus stopped: {HostAddress}");

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Placeholder();

    /// <summary>For what is no class that could log as itself. The program's own logger is called after the program, so nothing would pass.</summary>
    public static ILogger OwnLogger(this WebApplication app) => app.Services.GetRequiredService<ILoggerFactory>().CreateLogger($"Vigil.{app.Environment.ApplicationName}");

    /// <summary>Stands before every provider that was added so far.</summary>
    public static void Guard(this ILoggingBuilder logging)
    {
        for (var i = 0; i < logging.Services.Count; i++)
            if (logging.Services[i] is { ServiceType: var type, IsKeyedService: false } provider && type == typeof(ILoggerProvider))
                logging.Services[i] = ServiceDescriptor.Singleton<ILoggerProvider>(s => new Guarded((ILoggerProvider)(provider.ImplementationInstance ?? provider.ImplementationFactory?.Invoke(s)
                    ?? ActivatorUtilities.CreateInstance(s, provider.ImplementationType!))));
    }

    /// <summary>Null: nothing is said.</summary>
    static Value[]? Say(string category, LogLevel level, EventId id, IReadOnlyList<Value>? said, Exception? exception)
    {
        var template = said?.LastOrDefault(v => v.Key == Template).Value as string;
        if (template is not null && category.StartsWith("Vigil.", StringComparison.Ordinal))
            return [.. said!.Where(v => v.Key != Template).Select(v => Placeholders.Contains(v.Key) ? v : new(v.Key, "…")), new(Template, template)];
        if (template is not null && Known.Contains(template)) return [.. said!];
        if (level < LogLevel.Warning) return null;
        return exception is null
            ? [new("Event", id.Name ?? "-"), new("EventId", id.Id), new(Template, "{Event} ({EventId})")]
            : [new("Event", id.Name ?? "-"), new("EventId", id.Id), new("Fault", Types(exception)), new(Template, "{Event} ({EventId}): {Fault}")];
    }

    static string Types(Exception exception)
    {
        List<string> types = [];
        for (var e = exception; e is not null && types.Count < 5; e = e.InnerException) types.Add(e.GetType().FullName!);
        return string.Join(" < ", types);
    }

    static string Text(IReadOnlyList<Value> values) =>
        Placeholder().Replace((string)values[^1].Value!, m => Convert.ToString(values.FirstOrDefault(v => v.Key == m.Groups[1].Value).Value, CultureInfo.InvariantCulture) ?? "(null)");

    sealed class Guarded(ILoggerProvider inner) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => new Logger(categoryName, inner.CreateLogger(categoryName));
        public void Dispose() => inner.Dispose();
    }

    sealed class Logger(string category, ILogger inner) : ILogger
    {
        // What a scope says is not known here.
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
        public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel) && Say(category, logLevel, eventId, state as IReadOnlyList<Value>, exception) is { } values)
                inner.Log<IReadOnlyList<Value>>(logLevel, eventId, values, null, (said, _) => Text(said));
        }
    }
}
