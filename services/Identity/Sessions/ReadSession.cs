using Microsoft.EntityFrameworkCore;
using Vigil.Hosting;
using Vigil.Identity.Database;
using Vigil.Identity.SignIn;

namespace Vigil.Identity.Sessions;

/// <summary>A session that is still good, and that it was used. One whose account has changed since it began is at an end.</summary>
public static class ReadSession
{
    /// <param name="Until">When it ends unless it is used.</param>
    public sealed record Content(byte[] Sealed, int Version, DateTimeOffset Until);

    public static void Map(RouteGroupBuilder sessions) => sessions.MapGet("/{id}", async (
        string id, IdentityDatabase db, Settings settings, TimeProvider clock, CancellationToken ct) =>
    {
        var (key, now) = (Sessions.Key(id), clock.GetUtcNow());
        var used = await db.Sessions.Where(s => s.Id == key && s.Ends > now && s.Seen > now - settings.SessionIdle).ExecuteUpdateAsync(s => s.SetProperty(x => x.Seen, now), ct);
        if (used == 0 || await db.Sessions.AsNoTracking().SingleOrDefaultAsync(s => s.Id == key, ct) is not { } session) return Refusals.Problem("session.unknown");
        if (session.Mark is not null)
        {
            var account = Guid.TryParse(session.Subject, out var subject) ? await db.Users.AsNoTracking().SingleOrDefaultAsync(a => a.Id == subject, ct) : null;
            if (account is not { Disabled: false } || Session.Mark(account) != session.Mark)
            {
                await db.Sessions.Where(s => s.Id == key).ExecuteDeleteAsync(ct);
                return Refusals.Problem("session.unknown");
            }
        }
        var idle = now + settings.SessionIdle;
        return Results.Ok(new Content(session.Sealed, session.Version, idle < session.Ends ? idle : session.Ends));
    });
}
