using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Vigil.Hosting;
using Vigil.Identity.Accounts;
using Vigil.Identity.Database;

namespace Vigil.Identity.Sessions;

/// <summary>Ends one session, or everything that its person is signed in to: a new stamp ends sessions, refresh tokens and the sign-in here.</summary>
public static class EndSessions
{
    public static void Map(RouteGroupBuilder sessions)
    {
        sessions.MapDelete("/{id}", async (string id, IdentityDatabase db, CancellationToken ct) =>
        {
            var key = Sessions.Key(id);
            await db.Sessions.Where(s => s.Id == key).ExecuteDeleteAsync(ct);
            return Results.NoContent();
        });
        sessions.MapDelete("/{id}/everywhere", async (string id, IdentityDatabase db, UserManager<Account> accounts, ILogger<StoredSession> log, CancellationToken ct) =>
        {
            var key = Sessions.Key(id);
            if (await db.Sessions.AsNoTracking().SingleOrDefaultAsync(s => s.Id == key, ct) is not { } session) return Results.NoContent();
            for (var tries = 1; session.Mark is not null && await accounts.FindByIdAsync(session.Subject) is { } account && !(await accounts.UpdateSecurityStampAsync(account)).Succeeded; tries++)
            {
                // To a gateway a conflict means that there is nothing left to do.
                if (tries == 3) return Refusals.Problem("server.unavailable");
                // Somebody else changed the account meanwhile: read it anew.
                db.ChangeTracker.Clear();
            }
            await db.Sessions.Where(s => s.Subject == session.Subject).ExecuteDeleteAsync(ct);
            log.LogInformation("Account {Account} signed out everywhere", session.Subject);
            return Results.NoContent();
        });
    }
}
