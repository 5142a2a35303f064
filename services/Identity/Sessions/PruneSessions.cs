using Microsoft.EntityFrameworkCore;
using Vigil.Hosting;
using Vigil.Identity.Database;
using Vigil.Identity.SignIn;

namespace Vigil.Identity.Sessions;

/// <summary>Forgets sessions that have ended and tries of yesterday, every quarter of an hour.</summary>
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
                var db = scope.ServiceProvider.GetRequiredService<IdentityDatabase>();
                await db.Sessions.Where(s => s.Ends < now || s.Seen < now - settings.SessionIdle).ExecuteDeleteAsync(stoppingToken);
                await db.Tries.Where(t => t.Last < now - Tries.Forgotten).ExecuteDeleteAsync(stoppingToken);
            }
            catch (Exception e) when (Store.IsOutage(e))
            {
                log.LogWarning("Ended sessions were not pruned; the next round tries again");
            }
    }
}
