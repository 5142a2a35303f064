using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Identity;
using Vigil.Identity.Accounts;
using Vigil.Identity.SignIn;

namespace Vigil.Identity.SecondFactor;

/// <summary>A passkey that opens nothing any more.</summary>
public static class RemovePasskey
{
    const string Last = "Your newsroom asks everybody for a second step. Set up another one first; then this passkey can go.";

    public static void Map(RouteGroupBuilder pages) => pages.MapPost("/security/passkeys/removal", async (
        HttpContext http, UserManager<Account> accounts, Settings settings, TimeProvider clock, IAntiforgery forgery, ILogger<Session> log) =>
    {
        if (await ShowSecurity.Sent(http, accounts, clock, forgery) is not var (session, form)) return ShowSecurity.Again(null);
        var account = session.Account;
        // It may be gone already, by another window.
        if (account.Passkeys.Find(p => p.Key == form["passkey"]) is not { } passkey) return Results.LocalRedirect(ShowSecurity.Address(null));
        if (settings.IsSecondFactorRequired && account.Authenticator is null && account.Passkeys.Count == 1) return ShowSecurity.Page(http, forgery, settings, session, null, Last);

        account.Passkeys.Remove(passkey);
        if (!await ShowSecurity.Change(http, session, accounts, session.Methods)) return ShowSecurity.Again(null);
        log.LogInformation("Account {Account} has a passkey less", account.Id);
        return Results.LocalRedirect(ShowSecurity.Address(null));
    });
}
