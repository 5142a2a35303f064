using OpenIddict.Abstractions;
using Vigil.Hosting;

namespace Vigil.Identity.Tokens;

/// <summary>Forgets codes and tokens a day after they ended.</summary>
sealed class PruneTokens(IServiceScopeFactory scopes, TimeProvider clock, ILogger<PruneTokens> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var hourly = new PeriodicTimer(TimeSpan.FromHours(1), clock);
        while (await hourly.WaitForNextTickAsync(stoppingToken))
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                var before = clock.GetUtcNow() - TimeSpan.FromDays(1);
                await scope.ServiceProvider.GetRequiredService<IOpenIddictTokenManager>().PruneAsync(before, stoppingToken);
                await scope.ServiceProvider.GetRequiredService<IOpenIddictAuthorizationManager>().PruneAsync(before, stoppingToken);
            }
            catch (Exception e) when (Store.IsOutage(e))
            {
                log.LogWarning("Ended tokens were not pruned; the next hour tries again");
            }
    }
}
