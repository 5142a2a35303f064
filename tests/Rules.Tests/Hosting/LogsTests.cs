using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using MailKit.Net.Smtp;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MimeKit;
using Npgsql;
using Vigil.Hosting;
using Vigil.Kit;

namespace Vigil.Rules.Tests.Hosting;

/// <summary>Records leave a process by an allow-list, whoever writes them.</summary>
public partial class LogsTests
{
    const string Canary = "canary-4711";

    /// <summary>All that a provider is handed.</summary>
    sealed class Memory : ILoggerProvider, ILogger
    {
        readonly StringBuilder _heard = new();

        public string Heard => _heard.ToString();

        public ILogger CreateLogger(string categoryName) => this;
        public bool IsEnabled(LogLevel logLevel) => true;
        public void Dispose() { }

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull
        {
            _heard.Append(state);
            return null;
        }

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            _heard.AppendLine($"{logLevel} {formatter(state, exception)} {exception}");
            foreach (var value in state as IEnumerable<KeyValuePair<string, object?>> ?? []) _heard.AppendLine($"{value.Key}={value.Value}");
        }
    }

    static string Hear(Action<ILoggerFactory> speak, bool guarded = true)
    {
        var memory = new Memory();
        using var services = new ServiceCollection().AddLogging(l =>
        {
            l.SetMinimumLevel(LogLevel.Trace).AddProvider(memory);
            if (guarded) l.Guard();
        }).BuildServiceProvider();
        speak(services.GetRequiredService<ILoggerFactory>());
        return memory.Heard;
    }

    public static TheoryData<Exception> Faults =>
    [
        new PostgresException($"duplicate key ({Canary})", "ERROR", "ERROR", "23505"), new JsonException($"'{Canary}' is no value", $"$.{Canary}", 1, 1),
        new SmtpCommandException(SmtpErrorCode.RecipientNotAccepted, SmtpStatusCode.MailboxUnavailable, new MailboxAddress("", $"{Canary}@example.org"), $"<{Canary}@example.org> unknown"),
        new HttpRequestException($"http://{Canary}.example.org/{Canary}"), new InvalidOperationException("outer", new FormatException(Canary)),
    ];

    [Theory, MemberData(nameof(Faults))]
    public void What_frameworks_say_of_a_fault_is_its_type_and_no_word(Exception fault)
    {
        void Speak(ILoggerFactory logs)
        {
            var log = logs.CreateLogger("Microsoft.AspNetCore.Server.Kestrel");
            using (log.BeginScope(Canary)) log.LogError(new EventId(13, "ApplicationError"), fault, "An unhandled exception was thrown by {What}: " + Canary, Canary);
        }
        var heard = Hear(Speak);
        Assert.DoesNotContain(Canary, heard, StringComparison.Ordinal);
        foreach (var said in new[] { "Error", "ApplicationError", "13", fault.GetType().FullName!, fault.GetBaseException().GetType().FullName! }) Assert.Contains(said, heard, StringComparison.Ordinal);
        Assert.Contains(Canary, Hear(Speak, guarded: false), StringComparison.Ordinal);
    }

    [Fact]
    public void What_frameworks_tell_when_all_is_well_is_not_said() => Assert.Empty(Hear(logs => logs.CreateLogger("Some.Framework").LogInformation("Hello {Name}", "world")));

    [Fact]
    public void A_start_is_told() => Assert.Contains("Press Ctrl+C", Hear(logs => logs.CreateLogger("Microsoft.Hosting.Lifetime").LogInformation("Application started. Press Ctrl+C to shut down.")), StringComparison.Ordinal);

    [Fact]
    public void Of_our_own_records_only_listed_names_have_values()
    {
        var heard = Hear(logs => logs.CreateLogger("Vigil.Some.Room").LogWarning(new FormatException(Canary), "{Fault} of {Words}", "JsonException", Canary));
        Assert.Contains("JsonException of …", heard, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, heard, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_name_in_our_records_is_listed_and_none_is_listed_in_vain()
    {
        var approved = File.ReadAllText(Path.Combine(Approved.Root, "tests/Rules.Tests/Architecture/logs.approved.txt"));
        Assert.Equal(Logs.Placeholders.Order(StringComparer.Ordinal), Placeholder().Matches(approved).Select(m => m.Groups[1].Value).Distinct().Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Placeholder();
}
