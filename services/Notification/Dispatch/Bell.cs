using JasperFx.Events;
using Marten;
using Marten.Services;

namespace Vigil.Notification.Dispatch;

/// <summary>
/// Tells everybody in this process who waits for work that there may be some. Other processes look once a second; so does whoever missed it.
/// </summary>
public sealed class Bell : DocumentSessionListenerBase
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Take it before looking for work: then no ring is lost.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    public void Ring() => Interlocked.Exchange(ref _next, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    public override Task AfterCommitAsync(IDocumentSession session, IChangeSet commit, CancellationToken token)
    {
        if (commit.GetStreams().Any()) Ring();
        return Task.CompletedTask;
    }

    public static Task Wait(Task next, CancellationToken ct) => Task.WhenAny(next, Task.Delay(Patience, ct));
}

/// <summary>Rings at each event that this process commits.</summary>
sealed class RingBell(Bell bell) : IConfigureMarten
{
    public void Configure(IServiceProvider services, StoreOptions options) => options.Listeners.Add(bell);
}
