using Marten;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Vigil.Hosting;

/// <summary>Forgets receipts after their week.</summary>
public sealed class Sweeper(IDocumentStore store, TimeProvider clock, ILogger<Sweeper> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var hourly = new PeriodicTimer(TimeSpan.FromHours(1), clock);
        while (await hourly.WaitForNextTickAsync(stoppingToken))
            try
            {
                var before = clock.GetUtcNow() - Receipt.Kept;
                await using var session = store.LightweightSession();
                session.DeleteWhere<Receipt>(r => r.At < before);
                await session.SaveChangesAsync(stoppingToken);
            }
            catch (Exception e) when (Store.IsOutage(e))
            {
                log.LogWarning("Receipts were not swept; the next hour tries again");
            }
    }
}
