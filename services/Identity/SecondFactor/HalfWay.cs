using System.Security.Claims;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Vigil.Identity.Accounts;
using Vigil.Identity.Database;
using Vigil.Identity.Pages;
using Vigil.Identity.SignIn;

namespace Vigil.Identity.SecondFactor;

/// <summary>
/// A sign-in whose password was right: nobody is signed in yet. The second step has five minutes, in the same browser; tries are counted
/// together, whichever way it is tried.
/// </summary>
public sealed class HalfWay(UserManager<Account> accounts, IdentityDatabase db, Settings settings, Passkeys passkeys, IAntiforgery forgery, TimeProvider clock, ILogger<Session> log)
{
    public const string Scheme = "half-way";
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);
    const string Path = "/identity/second-factor";

    /// <param name="Id">Of this sign-in.</param>
    public sealed record Begun(Account Account, string Id);

    public static async Task<IResult> Begin(HttpContext http, Account account, string back)
    {
        await http.SignInAsync(Scheme, new(new ClaimsIdentity([new("sub", account.Id.ToString()), new("stamp", account.SecurityStamp!), new("sid", Guid.NewGuid().ToString())], Scheme)));
        return Results.LocalRedirect($"{Path}{QueryString.Create("returnUrl", back)}");
    }

    /// <summary>Where one comes to: all the ways there are for this account.</summary>
    public async Task<IResult> Open(HttpContext http, string? back) => await Read(http) is { } begun ? await Ask(http, begun, back, null) : Again(back);

    /// <summary>A form of one of the ways; right, it signs in.</summary>
    /// <param name="method">In the words of RFC 8176.</param>
    public async Task<IResult> Enter(HttpContext http, Func<Begun, IFormCollection, Task<bool>> isRight, string method, string mismatch)
    {
        if (!http.Request.HasFormContentType) return Again(null);
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        string? back = form["returnUrl"];
        if (await Read(http) is not { Account: var account } begun || !await forgery.IsRequestValidAsync(http)) return Again(back);

        if (!await Tries.Begin(http, account, db, settings, clock.GetUtcNow()) || !await isRight(begun, form))
        {
            log.LogWarning("A second factor failed (account {Account})", account.Id);
            return await Ask(http, begun, back, mismatch);
        }
        await Tries.Forget(http, account, db);
        await http.SignOutAsync(Scheme);
        await Session.Begin(http, account, "pwd", method, "mfa");
        log.LogInformation("Account {Account} signed in with a second factor", account.Id);
        return Results.LocalRedirect(EnterPassword.Local(back));
    }

    async Task<Begun?> Read(HttpContext http) =>
        await http.AuthenticateAsync(Scheme) is { Succeeded: true, Principal: var person } && person.FindFirstValue("sid") is { } id
        && await accounts.FindByIdAsync(person.FindFirstValue("sub")!) is { Disabled: false } account && account.SecurityStamp == person.FindFirstValue("stamp") ? new(account, id) : null;

    static IResult Again(string? back) => Results.LocalRedirect($"/identity/sign-in{QueryString.Create("returnUrl", EnterPassword.Local(back))}");

    async Task<IResult> Ask(HttpContext http, Begun begun, string? back, string? fault)
    {
        var challenge = settings.CanHavePasskeys && begun.Account.Passkeys.Count > 0 ? await passkeys.ToUse(http, begun.Account, begun.Id) : null;
        return Show.Page<HalfWayPage>(fault is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity, new()
        {
            ["Forgery"] = forgery.GetAndStoreTokens(http), ["Account"] = begun.Account, ["Challenge"] = challenge, ["ReturnUrl"] = EnterPassword.Local(back), ["Fault"] = fault,
        }, hasScript: challenge is not null);
    }
}
