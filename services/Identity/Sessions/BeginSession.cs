using Microsoft.EntityFrameworkCore;
using Vigil.Identity.Database;

namespace Vigil.Identity.Sessions;

/// <summary>Keeps a session that has just begun, in place of the one that it goes on from.</summary>
public static class BeginSession
{
    /// <param name="Mark">As the provider's identity token says it, if that provider is this service.</param>
    /// <param name="Replaces">The hash of the id before a new sign-in.</param>
    public sealed record Request(string Subject, string? Mark, byte[] Sealed, string? Replaces = null);

    public static void Map(RouteGroupBuilder sessions) => sessions.MapPut("/{id}", async (
        string id, Request request, IdentityDatabase db, Settings settings, TimeProvider clock, CancellationToken ct) =>
    {
        var now = clock.GetUtcNow();
        // Whoever cannot have the new one goes on with the old.
        await using var both = await db.Database.BeginTransactionAsync(ct);
        if (request.Replaces is { } earlier) await db.Sessions.Where(s => s.Id == Sessions.Key(earlier)).ExecuteDeleteAsync(ct);
        db.Sessions.Add(new()
        {
            Id = Sessions.Key(id), Subject = request.Subject, Mark = request.Mark, Sealed = request.Sealed, Began = now, Seen = now, Ends = now + settings.SessionLongest,
        });
        await db.SaveChangesAsync(ct);
        await both.CommitAsync(ct);
        return Results.NoContent();
    });
}
