using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Vigil.Identity.Accounts;

namespace Vigil.Identity.SignIn;

/// <summary>
/// That somebody signed in with this browser. The cookie holds the account's id and stamp; both are held against the account each
/// time, so a new password, new roles or disabling end every session at once.
/// </summary>
public sealed record Session(Account Account, DateTimeOffset Began)
{
    public const string Scheme = "session";
    public static readonly TimeSpan Longest = TimeSpan.FromHours(8);

    public static Task Begin(HttpContext http, Account account) => http.SignInAsync(Scheme,
        new(new ClaimsIdentity([new("sub", account.Id.ToString()), new("stamp", account.SecurityStamp!)], Scheme)));

    public static async Task<Session?> Read(HttpContext http, UserManager<Account> accounts) =>
        await http.AuthenticateAsync(Scheme) is { Succeeded: true, Properties.IssuedUtc: { } began, Principal: var person }
        && await accounts.FindByIdAsync(person.FindFirstValue("sub")!) is { Disabled: false } account
        && account.SecurityStamp == person.FindFirstValue("stamp") ? new(account, began) : null;

}
