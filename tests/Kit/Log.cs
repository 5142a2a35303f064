using System.Collections.Concurrent;

namespace Vigil.Kit;

/// <summary>Everything a process has said.</summary>
sealed class Log : IDisposable
{
    static readonly ConcurrentDictionary<Log, string> Open = new();

    readonly ConcurrentQueue<(DateTime At, string Line)> _lines = new();

    public Log(string name) => Open[this] = name;

    public IEnumerable<string> Lines => _lines.Select(l => l.Line);

    public void Add(string? line)
    {
        if (line is not null) _lines.Enqueue((DateTime.UtcNow, line));
    }

    public string Tail(int lines = 60) => string.Join('\n', _lines.TakeLast(lines).Select(l => $"{l.At:HH:mm:ss.f} {l.Line}"));

    /// <summary>The last words of all that run, for whoever explains a failure.</summary>
    public static string Tails() => string.Join("\n\n", Open.Where(l => !l.Key._lines.IsEmpty).Select(l => $"--- {l.Value}\n{l.Key.Tail()}"));

    public void Dispose() => Open.TryRemove(this, out _);
}
