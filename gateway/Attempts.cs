using System.Threading.RateLimiting;

namespace Vigil.Gateway;

/// <summary>
/// Passwords, codes and secrets that turn out wrong, per client. Only failures count, so an office that signs in together is not shut
/// out; a few at a time are let through, so that a burst of guesses is counted, too.
/// </summary>
sealed class Attempts(int attempts, TimeSpan window) : IDisposable
{
    const int AtOnce = 4;
    const int Segments = 15;

    readonly PartitionedRateLimiter<HttpContext> failures = PartitionedRateLimiter.Create<HttpContext, string>(http =>
        RateLimitPartition.GetSlidingWindowLimiter(Client.Of(http), _ => new() { PermitLimit = attempts, Window = window, SegmentsPerWindow = Segments }));
    readonly PartitionedRateLimiter<HttpContext> doors = PartitionedRateLimiter.Create<HttpContext, string>(http =>
        RateLimitPartition.GetConcurrencyLimiter(Client.Of(http), _ => new() { PermitLimit = AtOnce, QueueLimit = 64 }));

    public async Task Guard(HttpContext http, Func<Task> next)
    {
        if (!HttpMethods.IsPost(http.Request.Method) || http.GetReverseProxyFeature().Route.Config.Metadata?.ContainsKey("Attempts") != true)
        {
            await next();
            return;
        }
        using var door = await doors.AcquireAsync(http, 1, http.RequestAborted);
        using var chance = failures.AttemptAcquire(http, 0);
        if (!door.IsAcquired || !chance.IsAcquired)
        {
            await RateLimits.Refuse(http, chance, window);
            return;
        }
        await next();
        if (http.Response.StatusCode is >= 400 and < 500) failures.AttemptAcquire(http, 1).Dispose();
    }

    public void Dispose()
    {
        failures.Dispose();
        doors.Dispose();
    }
}
