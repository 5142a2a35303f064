using System.Collections.Concurrent;

namespace Vigil.Kit;

/// <summary>Everything a process has said.</summary>
sealed class Log : IDisposable
{
    static readonly ConcurrentDictionary<Log, string> Open = new();

    readonly ConcurrentQueue<string> _lines = new();

    public Log(string name) => Open[this] = name;

    public IEnumerable<string> Lines => _lines;

    public void Add(string? line)
    {
        if (line is not null) _lines.Enqueue(line);
    }

    public string Tail(int lines = 60) => string.Join('\n', _lines.TakeLast(lines));

    /// <summary>The last words of all that run, for whoever explains a failure.</summary>
    public static string Tails() => string.Join("\n\n", Open.Where(l => !l.Key._lines.IsEmpty).Select(l => $"--- {l.Value}\n{l.Key.Tail()}"));

    public void Dispose() => Open.TryRemove(this, out _);
}
