using Microsoft.EntityFrameworkCore;
using Vigil.Hosting;
using Vigil.Identity.Database;

namespace Vigil.Identity.Accounts;

/// <summary>All accounts, oldest first.</summary>
public static class ListAccounts
{
    const int LongestPage = 100;

    public sealed record Page(IReadOnlyList<AccountSummary> Items, string? Next);

    public static void Map(RouteGroupBuilder accounts) => accounts.MapGet("/", async (
        string? cursor, int? limit, IdentityDatabase db, CancellationToken ct) =>
    {
        var after = Guid.Empty;
        if (cursor is not null && !Guid.TryParseExact(cursor, "N", out after)) return Refusals.Problem("request.bad-cursor", "cursor");
        if (limit is < 1 or > LongestPage) return Refusals.Problem("request.bad-query", "limit");

        var size = limit ?? LongestPage;
        var found = await db.Users.AsNoTracking().Where(a => a.Id > after).OrderBy(a => a.Id).Take(size + 1).ToListAsync(ct);
        return Results.Ok(new Page([.. found.Take(size).Select(AccountSummary.Of)], found.Count > size ? found[size - 1].Id.ToString("N") : null));
    });
}
