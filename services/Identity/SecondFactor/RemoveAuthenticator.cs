using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Identity;
using Vigil.Identity.Accounts;
using Vigil.Identity.SignIn;

namespace Vigil.Identity.SecondFactor;

/// <summary>Back to the passkeys alone or, where the newsroom leaves it to its people, to the password alone.</summary>
public static class RemoveAuthenticator
{
    public static void Map(RouteGroupBuilder pages) => pages.MapPost("/security/authenticator/removal", async (
        HttpContext http, UserManager<Account> accounts, Settings settings, TimeProvider clock, IAntiforgery forgery, ILogger<Session> log) =>
    {
        if (await ShowSecurity.Sent(http, accounts, clock, forgery) is not var (session, _)) return ShowSecurity.Again(null);
        var account = session.Account;
        if (settings.IsSecondFactorRequired && account.Passkeys.Count == 0) return ShowSecurity.Again(null);
        (account.Authenticator, account.AuthenticatorStep) = (null, 0);
        if (!await ShowSecurity.Change(http, session, accounts, session.Methods)) return ShowSecurity.Again(null);
        log.LogInformation("Account {Account} has no authenticator any more", account.Id);
        return Results.LocalRedirect(ShowSecurity.Address(null));
    });
}
