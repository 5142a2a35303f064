using System.Buffers.Text;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Vigil.Identity.Accounts;

namespace Vigil.Identity.SignIn;

/// <summary>
/// That somebody signed in with this browser. The cookie holds the account's id and stamp; both are held against the account each
/// time, so a new password, new roles or disabling end every session at once.
/// </summary>
/// <param name="Id">Known to this browser and to the clients that it signed in to: who can name it may end it without being asked.</param>
/// <param name="Methods">How it was shown who this is, in the names of RFC 8176.</param>
public sealed record Session(Account Account, DateTimeOffset Began, string Id, IReadOnlyList<string> Methods)
{
    public const string Scheme = "session";

    public static Task Begin(HttpContext http, Account account, params IEnumerable<string> methods) => http.SignInAsync(Scheme, new(new ClaimsIdentity(
        [
            new("sub", account.Id.ToString()), new("stamp", account.SecurityStamp!), new("sid", Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16))),
            .. methods.Select(method => new Claim("amr", method)),
        ], Scheme)));

    public static async Task<Session?> Read(HttpContext http, UserManager<Account> accounts) =>
        await http.AuthenticateAsync(Scheme) is { Succeeded: true, Properties.IssuedUtc: { } began, Principal: var person }
        && await accounts.FindByIdAsync(person.FindFirstValue("sub")!) is { Disabled: false } account
        && account.SecurityStamp == person.FindFirstValue("stamp") ? new(account, began, person.FindFirstValue("sid")!, [.. person.FindAll("amr").Select(c => c.Value)]) : null;

    /// <summary>What clients may know of the account's stamp: whether it is still the same.</summary>
    public static string Mark(Account account) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(account.SecurityStamp!)));
}
