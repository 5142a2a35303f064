using Marten;
using Vigil.Hosting;
using Vigil.Notification.Dispatch;

namespace Vigil.Notification.Subscribers;

/// <summary>Who has not confirmed in time is forgotten: the address was given by somebody who may not own it.</summary>
public sealed class LapseSubscription(IDocumentStore store, Ledger ledger, TimeProvider clock, ILogger<LapseSubscription> log) : BackgroundService
{
    public static Decision Decide(Subscriber subscriber, DateTimeOffset at) =>
        subscriber.Standing is Standing.Pending && at - subscriber.RequestedAt > ConfirmSubscription.Valid
            ? Decision.Record(new SubscriptionEnded(Farewell.Lapsed, at))
            : Decision.Nothing;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var hourly = new PeriodicTimer(TimeSpan.FromHours(1), clock);
        do
            try { await Sweep(stoppingToken); }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning("Old sign-ups were not swept ({Fault}); the next hour tries again", e.GetType().Name);
            }
        while (await hourly.WaitForNextTickAsync(stoppingToken));
    }

    async Task Sweep(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var before = now - ConfirmSubscription.Valid;
        await SignUps.ForgetCounts(store, now, ct);
        await Delivery.ForgetConfirmations(store, before, ct);
        IReadOnlyList<Guid> old;
        do
        {
            old = await Contact.FindUnconfirmed(store, before, ct);
            foreach (var id in old)
                await store.Handle<Subscriber>(id, SignUps.ByReader(id, now), "subscription.unknown-link", async (subscriber, _, write, token) =>
                {
                    var decision = Decide(subscriber, now);
                    if (decision is Decision.Recorded) await SignUps.Forget(write, id, token);
                    return decision;
                }, ct);
        }
        while (old.Count == 100);
        await ledger.ForgetClaims(ct);
    }
}
