namespace Vigil.Notification.Dispatch;

/// <summary>How long this process leaves the relay alone: from one second, doubling, to a minute.</summary>
public sealed class Trouble(TimeProvider clock, ILogger<Trouble> log)
{
    static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    readonly Lock _lock = new();
    TimeSpan _pause;
    DateTimeOffset _until;

    /// <param name="kind">The kind of fault; never its words, which may quote an address.</param>
    public void Met(string kind)
    {
        lock (_lock)
        {
            if (_until > clock.GetUtcNow()) return;
            _pause = _pause == TimeSpan.Zero ? TimeSpan.FromSeconds(1) : _pause * 2 < Longest ? _pause * 2 : Longest;
            _until = clock.GetUtcNow() + _pause;
            log.LogWarning("Mail waits {Seconds} s: {Kind}", _pause.TotalSeconds, kind);
        }
    }

    public void Over()
    {
        lock (_lock) (_pause, _until) = (default, default);
    }

    public async Task Wait(CancellationToken ct)
    {
        TimeSpan rest;
        lock (_lock) rest = _until - clock.GetUtcNow();
        if (rest > TimeSpan.Zero) await Task.Delay(rest, clock, ct);
    }
}
