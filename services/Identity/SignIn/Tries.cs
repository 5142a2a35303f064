using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Vigil.Identity.Accounts;
using Vigil.Identity.Database;

namespace Vigil.Identity.SignIn;

/// <summary>
/// Failed tries at one account from one network. A stranger who guesses keeps out only guessers from there: whoever the account belongs to
/// comes in from anywhere else. No address is kept, only a hash of both.
/// </summary>
public sealed class Tries
{
    public required byte[] Id { get; init; }
    public int Count { get; set; }
    public DateTimeOffset Last { get; set; }
    /// <summary>Before, nothing from there is looked at.</summary>
    public DateTimeOffset? Until { get; set; }

    static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(15);
    public static readonly TimeSpan Forgotten = TimeSpan.FromHours(24);

    /// <summary>
    /// Counts a try before what was typed is looked at, in one statement, so that many at once get no more guesses than as many in a row.
    /// False: there were too many; the pause doubles with each further one.
    /// </summary>
    public static async Task<bool> Begin(HttpContext http, Account account, IdentityDatabase db, Settings settings, DateTimeOffset now)
    {
        var (id, allowed, longest, first, forgotten) = (Key(http, account), settings.LockoutAttempts, settings.LockoutPause, FirstPause, now - Forgotten);
        var counted = await db.Database.SqlQuery<int>($"""
            insert into identity."Tries" as t ("Id", "Count", "Last", "Until") values ({id}, 1, {now}, case when {allowed} <= 1 then {now} + least({longest}, {first}) end)
            on conflict ("Id") do update set
                "Count" = case when t."Last" < {forgotten} then 1 else t."Count" + 1 end,
                "Last" = {now},
                "Until" = case when t."Last" >= {forgotten} and t."Count" + 1 >= {allowed} then {now} + least({longest}, {first} * power(2, least(t."Count" + 1 - {allowed}, 20))) end
            where t."Until" is null or t."Until" <= {now}
            returning 1 as "Value"
            """).ToListAsync(http.RequestAborted);
        return counted.Count == 1;
    }

    public static Task Forget(HttpContext http, Account account, IdentityDatabase db)
    {
        var id = Key(http, account);
        return db.Tries.Where(t => t.Id == id).ExecuteDeleteAsync(http.RequestAborted);
    }

    static byte[] Key(HttpContext http, Account account) => SHA256.HashData(Encoding.UTF8.GetBytes($"{account.Id} {Network(http)}"));

    /// <summary>As the gateway says it, which believes nobody: an IPv4 address, or the /64 that one household has in IPv6.</summary>
    static string Network(HttpContext http)
    {
        var said = http.Request.Headers["X-Forwarded-For"].ToString().Split(',')[^1].Trim();
        var address = IPAddress.TryParse(said, out var parsed) ? parsed : http.Connection.RemoteIpAddress ?? IPAddress.None;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return address.AddressFamily is AddressFamily.InterNetworkV6 ? Convert.ToHexString(address.GetAddressBytes()[..8]) : address.ToString();
    }
}
