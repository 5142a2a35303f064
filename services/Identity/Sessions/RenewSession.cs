using Microsoft.EntityFrameworkCore;
using Vigil.Hosting;
using Vigil.Identity.Database;

namespace Vigil.Identity.Sessions;

/// <summary>
/// New content in place of the old. A refresh token works once, so the gateway that will use it first takes a lease on the version that
/// it read; the others wait for the next one. A lease whose holder fell over lapses.
/// </summary>
public static class RenewSession
{
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);

    public sealed record LeaseRequest(int Version);

    public sealed record Request(int Version, byte[] Sealed);

    public static void Map(RouteGroupBuilder sessions)
    {
        sessions.MapPost("/{id}/lease", async (string id, LeaseRequest request, IdentityDatabase db, TimeProvider clock, CancellationToken ct) =>
        {
            var (key, now) = (Sessions.Key(id), clock.GetUtcNow());
            return await db.Sessions.Where(s => s.Id == key && s.Version == request.Version && (s.Leased == null || s.Leased < now))
                .ExecuteUpdateAsync(s => s.SetProperty(x => x.Leased, now + Lease), ct) == 1 ? Results.NoContent() : Refusals.Problem("command.contended");
        });
        sessions.MapPut("/{id}/content", async (string id, Request request, IdentityDatabase db, CancellationToken ct) =>
        {
            var key = Sessions.Key(id);
            return await db.Sessions.Where(s => s.Id == key && s.Version == request.Version).ExecuteUpdateAsync(s => s
                .SetProperty(x => x.Sealed, request.Sealed).SetProperty(x => x.Version, x => x.Version + 1).SetProperty(x => x.Leased, (DateTimeOffset?)null), ct) == 1
                ? Results.NoContent() : Refusals.Problem("command.contended");
        });
    }
}
