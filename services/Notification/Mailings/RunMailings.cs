using Marten;
using Vigil.Hosting;
using Vigil.Notification.Dispatch;

namespace Vigil.Notification.Mailings;

/// <summary>Moves mailings on as time and work pass: starts what is due, gives up what has lost its words, finishes what is done.</summary>
public sealed class RunMailings(IDocumentStore store, Bell bell, TimeProvider clock, ILogger<RunMailings> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var rung = bell.Next;
            try { await Round(stoppingToken); }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { break; }
            catch (Exception e)
            {
                log.LogWarning("Mailings wait ({Fault})", e.GetType().Name);
            }
            await Bell.Wait(rung, stoppingToken);
        }
    }

    async Task Round(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var session = store.QuerySession();
        var open = await session.Query<Mailing>()
            .Where(m => m.IsOpen && m.Due <= now).OrderBy(m => m.Due).ToListAsync(ct);
        foreach (var mailing in open)
            try
            {
                if (StartMailing.IsReady(mailing, now) && await StartMailing.Run(store, mailing.Id, now, ct)) bell.Ring();
                if (mailing.Stage is Stage.Sending or Stage.Halting) await FinishMailing.Run(store, mailing, now, ct);
                if (mailing.WordlessSince is not null) await GiveUp(mailing.Id, now, ct);
            }
            catch (Exception e) when (Store.IsRace(e))
            {
                // Somebody else moved it: the next round sees where to.
            }
    }

    async Task GiveUp(Guid id, DateTimeOffset now, CancellationToken ct)
    {
        await using var session = store.LightweightSession();
        var stream = await session.Events.FetchForWriting<Mailing>(id, ct);
        if (EraseText.DecideInVain(stream.Aggregate!, now) is not Decision.Recorded { Events: var events }) return;
        stream.AppendMany(events);
        await session.SaveChangesAsync(ct);
    }
}
