using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace Vigil.Kit;

/// <summary>One process of a service, as it runs in production: its own address, its own log; it can be killed and started again.</summary>
public sealed class Instance : IAsyncDisposable
{
    static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };

    readonly string _program;
    readonly Dictionary<string, string> _settings;
    readonly Log _log;
    Process? _process;

    public Services Service { get; }
    public int Port { get; } = Ports.Free();
    public Uri Url => new($"http://127.0.0.1:{Port}");
    /// <summary>Resident bytes.</summary>
    public long Memory
    {
        get
        {
            if (_process is null) return 0;
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Bytes of which it is the only user, and its part of those that it shares: the sum over processes counts each byte once (Linux, PSS).</summary>
    public long MemoryShare => _process is null ? 0 : 1024 * File.ReadLines($"/proc/{_process.Id}/smaps_rollup").Where(l => l.StartsWith("Pss:", StringComparison.Ordinal))
        .Select(l => long.Parse(l.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture)).Single();

    /// <summary>It was ready, and has not been ended since.</summary>
    public bool IsUp { get; private set; }

    public IEnumerable<string> Log => _log.Lines;

    internal Instance(Services service, IReadOnlyDictionary<string, string>? settings = null)
    {
        // Where something is measured, the services as images hold them: tests/published.
        _program = Environment.GetEnvironmentVariable("VIGIL_TEST_PROGRAMS") is { } published
            ? Directory.GetFiles(Path.Combine(published, $"{service}"), $"{service}.dll", SearchOption.AllDirectories).Single()
            : Path.Combine(Approved.Root, service is Services.Gateway ? "gateway" : $"services/{service}", "bin", Configuration, "net10.0", $"{service}.dll");
        (Service, _settings) = (service, new(settings ?? new Dictionary<string, string>()));
        _log = new Log($"{service} {Port}");
    }

    // bin/<Configuration>/net10.0/ of the test itself.
    static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    /// <summary>Services name each other's addresses, so all have theirs before any has its settings.</summary>
    internal void Configure(IReadOnlyDictionary<string, string> settings)
    {
        foreach (var (name, value) in settings) Set(name, value);
    }

    /// <summary>Other configuration from its next start on; null: none. Returns what it was.</summary>
    public string? Set(string name, string? value)
    {
        var before = _settings.GetValueOrDefault(name);
        if (value is null) _settings.Remove(name);
        else _settings[name] = value;
        return before;
    }

    /// <summary>Brings schema and topology up to date.</summary>
    public Task Migrate(params IEnumerable<string> how) => Run(["migrate", .. how]);

    /// <summary>Does again what was removed since the backup that its database was put back to.</summary>
    /// <param name="until">When this is over first, it is killed.</param>
    public Task Reapply(Task? until = null) => Run(["reapply"], until);

    async Task Run(string[] step, Task? until = null)
    {
        using var process = await Launch(_log.Add, step);
        var ended = process.WaitForExitAsync();
        if (until is not null && await Task.WhenAny(until, ended) != ended) process.Kill();
        await ended;
        if (process.ExitCode != 0) throw new InvalidOperationException($"{Service} did not {step[0]}:\n{_log.Tail()}");
    }

    /// <summary>Runs it without waiting for more than that it answers.</summary>
    public async Task StartHeld()
    {
        _process = await Launch(_log.Add);
        await Wait.Until(async () =>
        {
            if (_process.HasExited) throw new InvalidOperationException($"{Service} ended with {_process.ExitCode}:\n{_log.Tail()}");
            try { return (await Http.GetAsync(new Uri(Url, "/health/ready"))).StatusCode; }
            catch (HttpRequestException) { return default; }
        }, status => status is not default(HttpStatusCode), $"{Service} answers", TimeSpan.FromSeconds(60));
    }

    public Task Ready() => Wait.Until(async () => (await Http.GetAsync(new Uri(Url, "/health/ready"))).StatusCode, status => status is HttpStatusCode.OK, $"{Service} ready", TimeSpan.FromSeconds(60));

    /// <summary>A verb of its program, with its settings, run to its end.</summary>
    /// <param name="kill">It is killed when it says this.</param>
    /// <returns>What it ended with and what it said.</returns>
    public async Task<(int Status, string Said)> Run(IEnumerable<string> arguments, string? kill = null)
    {
        var (said, enough) = (new ConcurrentQueue<string>(), new TaskCompletionSource());
        using var process = await Launch(line =>
        {
            if (line is not null) said.Enqueue(line);
            if (kill is not null && line?.Contains(kill, StringComparison.Ordinal) == true) enough.TrySetResult();
        }, [.. arguments]);
        var end = process.WaitForExitAsync();
        if (await Task.WhenAny(end, enough.Task) != end) process.Kill();
        await end;
        return (process.ExitCode, string.Join('\n', said));
    }

    public async Task Start()
    {
        _process = await Launch(_log.Add);
        try
        {
            await Wait.Until(async () =>
            {
                if (_process.HasExited) throw new InvalidOperationException($"{Service} ended with {_process.ExitCode}:\n{_log.Tail()}");
                using var answer = await Http.GetAsync(new Uri(Url, "/health/ready"));
                return answer.StatusCode;
            }, status => status is HttpStatusCode.OK, $"{Service} ready", TimeSpan.FromSeconds(60));
        }
        catch (TimeoutException e) { throw new TimeoutException($"{e.Message}\n{_log.Tail()}", e); }
        IsUp = true;
    }

    async Task<Process> Launch(Action<string?> hear, params string[] arguments)
    {
        var process = new Process
        {
            StartInfo = new ProcessStartInfo("dotnet", [_program, .. arguments])
            {
                WorkingDirectory = Path.GetDirectoryName(_program)!,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        // Nothing of this process's own settings.
        foreach (var name in process.StartInfo.Environment.Keys.Where(n => n.StartsWith("ASPNETCORE_", StringComparison.Ordinal) || n.Contains("__", StringComparison.Ordinal)).ToArray())
            process.StartInfo.Environment.Remove(name);
        process.StartInfo.Environment["ASPNETCORE_URLS"] = Url.ToString();
        process.StartInfo.Environment["DOTNET_EnableDiagnostics"] = "0";
        // What pays for itself in hours: none of it in a test, all of it where something is measured.
        if (Configuration == "Debug")
            foreach (var (name, value) in new[] { ("DOTNET_TC_CallCountingDelayMs", "20000"), ("DOTNET_EnableWriteXorExecute", "0") }) process.StartInfo.Environment[name] = value;
        foreach (var (name, value) in _settings) process.StartInfo.Environment[name] = value;
        process.OutputDataReceived += (_, line) => hear(line.Data);
        process.ErrorDataReceived += (_, line) => hear(line.Data);
        await Spawner.Start(process);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    /// <summary>SIGKILL: nothing is tidied up.</summary>
    public async Task Kill()
    {
        if (_process is null) return;
        IsUp = false;
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    /// <summary>SIGTERM, as an orchestrator says it.</summary>
    public async Task Stop()
    {
        if (_process is null) return;
        IsUp = false;
        using (Process.Start("kill", ["-TERM", $"{_process.Id}"])) { }
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        await Kill();
        _log.Dispose();
    }
}
