using Microsoft.EntityFrameworkCore;
using Vigil.Hosting;
using Vigil.Identity.Database;

namespace Vigil.Identity.Sessions;

/// <summary>Forgets sessions that have ended, every quarter of an hour.</summary>
sealed class PruneSessions(IServiceScopeFactory scopes, Settings settings, TimeProvider clock, ILogger<PruneSessions> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var beat = new PeriodicTimer(TimeSpan.FromMinutes(15), clock);
        while (await beat.WaitForNextTickAsync(stoppingToken))
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                var now = clock.GetUtcNow();
                await scope.ServiceProvider.GetRequiredService<IdentityDatabase>().Sessions.Where(s => s.Ends < now || s.Seen < now - settings.SessionIdle).ExecuteDeleteAsync(stoppingToken);
            }
            catch (Exception e) when (Store.IsOutage(e))
            {
                log.LogWarning("Ended sessions were not pruned; the next round tries again");
            }
    }
}
