using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Vigil.Kit;

namespace Vigil.Chaos;

/// <summary>One story and what was asked and answered about it; times since the run began.</summary>
public sealed class Tale(string word)
{
    readonly Lock _telling = new();
    readonly List<TimeSpan> _releases = [];
    readonly List<TimeSpan> _endings = [];

    /// <summary>Stands in its headline, and in nothing else that there is.</summary>
    public string Word { get; } = word;
    public string Slug => $"s-{Word}";
    public Guid Id { get; set; }
    /// <summary>The events that its acknowledged commands make, in order.</summary>
    public List<string> Expected { get; } = [];
    /// <summary>What its address answers in the end.</summary>
    public int Ends { get; set; } = 404;

    /// <summary>Asked for, so from now on it may be seen.</summary>
    public void ReleaseAsked(TimeSpan at) { lock (_telling) _releases.Add(at); }

    /// <summary>Acknowledged, so from now on, and what it takes to tell everybody, it may not.</summary>
    public void Ended(TimeSpan at) { lock (_telling) _endings.Add(at); }

    /// <summary>What is wrong with having been shown in an answer that was asked for and given at these times; null: nothing.</summary>
    /// <param name="grace">How long after an ending's acknowledgement it may still be seen.</param>
    public string? Wrong(TimeSpan asked, TimeSpan given, Func<TimeSpan, TimeSpan> grace)
    {
        lock (_telling)
        {
            if (_releases.Count == 0 || _releases[0] > given) return "was seen before anybody asked for its publication";
            foreach (var ending in _endings)
                if (asked > ending + grace(ending) && !_releases.Any(r => r > ending && r <= given)) return $"was seen {(asked - ending).TotalSeconds:0.0} s after its ending was acknowledged";
            return null;
        }
    }
}

/// <summary>What every command's client knows, as Jepsen keeps it: invoked, ok, failed, or info where nobody can tell. Kept outside of the system that it is about.</summary>
public sealed class History : IDisposable
{
    readonly Stopwatch _clock = Stopwatch.StartNew();
    readonly StreamWriter _file;
    readonly Lock _writing = new();
    int _attempted, _acknowledged, _info;

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"vigil-chaos-{Guid.NewGuid():n}.jsonl");
    public ConcurrentDictionary<string, Tale> Tales { get; } = new();

    public History() => _file = new(Path);

    public TimeSpan Now => _clock.Elapsed;
    public (int Attempted, int Acknowledged, int Info) Counts => (_attempted, _acknowledged, _info);

    /// <summary>Asks again with the same key until there is an answer.</summary>
    public async Task<Reply> Insist(string what, int status, Func<string, Task<Reply>> send)
    {
        var id = $"{Guid.NewGuid()}";
        Interlocked.Increment(ref _attempted);
        while (true)
        {
            Write(id, what, "invoke", null);
            try
            {
                var reply = await send(id);
                if (reply.Status < 500 && reply.Code != "command.contended")
                {
                    Write(id, what, reply.Status == status ? "ok" : "fail", reply.Status);
                    if (reply.Status != status) throw new InvalidOperationException($"{what}: {status} was expected, but came {reply}");
                    Interlocked.Increment(ref _acknowledged);
                    return reply;
                }
                Write(id, what, "info", reply.Status);
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException)
            {
                Write(id, what, "info", null);
            }
            Interlocked.Increment(ref _info);
            await Task.Delay(150);
        }
    }

    void Write(string id, string what, string type, int? status)
    {
        lock (_writing) _file.WriteLine(JsonSerializer.Serialize(new { time = _clock.Elapsed.TotalSeconds, id, what, type, status }));
    }

    public void Forget() => File.Delete(Path);

    public void Dispose() => _file.Dispose();
}
