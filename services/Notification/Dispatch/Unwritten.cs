using Marten;

namespace Vigil.Notification.Dispatch;

/// <summary>
/// How mails ended that could not be written down at once, of all workers: what the relay has taken is not forgotten while the database is
/// away, and nothing is claimed before it is written, so that no worker repeats another's mail.
/// </summary>
public sealed class Unwritten(IDocumentStore store) : IDisposable
{
    readonly SemaphoreSlim _one = new(1, 1);
    readonly Queue<Result> _results = [];

    /// <summary>Takes the results over.</summary>
    public void Add(List<Result> results)
    {
        lock (_results) foreach (var result in results) _results.Enqueue(result);
        results.Clear();
    }

    public async Task Write(CancellationToken ct)
    {
        await _one.WaitAsync(ct);
        try
        {
            Result[] waiting;
            lock (_results) waiting = [.. _results];
            await Claim.Record(store, waiting, ct);
            lock (_results) for (var i = 0; i < waiting.Length; i++) _results.Dequeue();
        }
        finally { _one.Release(); }
    }

    public void Dispose() => _one.Dispose();
}
