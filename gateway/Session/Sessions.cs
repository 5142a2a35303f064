using System.Collections.Concurrent;
using Microsoft.Extensions.Caching.Memory;

namespace Vigil.Gateway.Session;

/// <summary>A session as this gateway knows it.</summary>
/// <param name="Until">When it ends unless it is used.</param>
/// <param name="Read">When it was last heard that it has not ended.</param>
sealed record Held(Tokens Tokens, int Version, DateTimeOffset Until, DateTimeOffset Read);

/// <summary>
/// The sessions that were used lately. What is known of one counts for half a minute, so that it ends everywhere within a minute, and
/// an identity service that is away is not noticed at once. One request at a time reads or renews a session, the others wait for it.
/// </summary>
sealed class Sessions(Store store, Provider provider, TimeProvider clock, ILogger<Sessions> log) : IDisposable
{
    static readonly TimeSpan Known = TimeSpan.FromSeconds(30);
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(9);
    static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(100);

    sealed class Entry
    {
        public SemaphoreSlim Gate { get; } = new(1);
        public Held? Held { get; set; }
    }

    readonly MemoryCache _entries = new(new MemoryCacheOptions());
    // Renewed, and not in the store yet: what is there was used up.
    readonly ConcurrentDictionary<string, bool> _unkept = new();

    /// <summary>Null: it has ended.</summary>
    /// <exception cref="AwayException">Nobody can say just now.</exception>
    public async Task<Held?> Find(SessionId id, CancellationToken ct)
    {
        var entry = _entries.GetOrCreate(id.Hash, e => { e.SlidingExpiration = 2 * Known; return new Entry(); })!;
        if (IsGood(entry.Held)) return entry.Held;
        await entry.Gate.WaitAsync(ct);
        try
        {
            if (!IsGood(entry.Held)) entry.Held = _unkept.ContainsKey(id.Hash) ? throw new AwayException() : await Read(id, ct);
            if (entry.Held is null) _entries.Remove(id.Hash);
            return entry.Held;
        }
        finally { entry.Gate.Release(); }
    }

    bool IsGood(Held? held) => held is not null && clock.GetUtcNow() is var now && now - held.Read < Known && now < held.Tokens.Renew && now < held.Until;

    async Task<Held?> Read(SessionId id, CancellationToken ct)
    {
        for (var began = clock.GetTimestamp(); ; await Task.Delay(Beat, clock, ct))
        {
            var read = clock.GetUtcNow();
            if (await store.Read(id, ct) is not { } content) return null;
            var held = new Held(id.Open(content.Sealed), content.Version, content.Until, read);
            if (read < held.Tokens.Renew) return held;
            try
            {
                if (await store.Lease(id, held.Version, ct)) return await Renew(id, held);
            }
            // The old ones do while they last.
            catch (AwayException) when (read < held.Tokens.Expires) { return held; }
            if (read < held.Tokens.Expires) return held;
            if (clock.GetElapsedTime(began) > Patience) throw new AwayException();
        }
    }

    /// <summary>Not given up half-way because somebody closed a tab: a refresh token that was used is of no use any more.</summary>
    async Task<Held?> Renew(SessionId id, Held held)
    {
        if (await Patiently(ct => provider.Renew(held.Tokens, ct)) is { } tokens)
        {
            var renewed = held with { Tokens = tokens, Version = held.Version + 1 };
            _unkept[id.Hash] = true;
            _ = Keep(id, renewed);
            return renewed;
        }
        log.LogInformation("A session ended because the provider renews it no more");
        await Patiently(async ct => { await store.End(id, everywhere: false, ct); return true; });
        return null;
    }

    /// <summary>However long the store is away: who renewed with the token of before would end the sign-in.</summary>
    async Task Keep(SessionId id, Held renewed)
    {
        try
        {
            var content = id.Close(renewed.Tokens);
            while (clock.GetUtcNow() < renewed.Until)
                try
                {
                    await Patiently(ct => store.Replace(id, renewed.Version - 1, content, ct));
                    return;
                }
                catch (AwayException) { await Task.Delay(Beat, clock); }
        }
        finally { _unkept.TryRemove(id.Hash, out _); }
    }

    /// <summary>Whoever asked may be gone, so the time is our own; when it is over, nobody has said anything.</summary>
    async Task<T> Patiently<T>(Func<CancellationToken, Task<T>> work)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        try { return await work(patience.Token); }
        catch (OperationCanceledException) when (patience.IsCancellationRequested) { throw new AwayException(); }
    }

    /// <summary>Begins a session and gives it to this browser.</summary>
    public async Task Begin(HttpContext http, Tokens tokens, string subject, string? mark, string? replaces)
    {
        var id = SessionId.New();
        await store.Begin(id, subject, mark, id.Close(tokens), replaces, http.RequestAborted);
        if (replaces is not null) _entries.Remove(replaces);
        id.Give(http);
    }

    public async Task End(SessionId id, bool everywhere, CancellationToken ct)
    {
        await store.End(id, everywhere, ct);
        _entries.Remove(id.Hash);
    }

    public void Dispose() => _entries.Dispose();
}
