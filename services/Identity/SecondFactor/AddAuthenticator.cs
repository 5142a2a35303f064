using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Identity;
using Vigil.Identity.Accounts;
using Vigil.Identity.Pages;
using Vigil.Identity.SignIn;

namespace Vigil.Identity.SecondFactor;

/// <summary>Shows a new secret, and keeps it once a code proves that it arrived. The one before works until then.</summary>
public static class AddAuthenticator
{
    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapPost("/security/authenticator/offer", async (HttpContext http, UserManager<Account> accounts, Authenticator authenticator, TimeProvider clock, IAntiforgery forgery) =>
            await ShowSecurity.Sent(http, accounts, clock, forgery) is var (session, form) ? Ask(http, forgery, authenticator.Make(session.Account), form["returnUrl"], null) : ShowSecurity.Again(null));
        pages.MapPost("/security/authenticator", async (HttpContext http, UserManager<Account> accounts, Authenticator authenticator, TimeProvider clock, IAntiforgery forgery, ILogger<Session> log) =>
        {
            if (await ShowSecurity.Sent(http, accounts, clock, forgery) is not var (session, form)) return ShowSecurity.Again(null);
            var (account, offer) = (session.Account, form["offer"].ToString());
            if (authenticator.Accept(account, offer, form["code"].ToString(), clock.GetUtcNow()) is not var (kept, step))
                return Ask(http, forgery, authenticator.Make(account, offer), form["returnUrl"], "That is not the code that belongs to this picture. Look at the newest one, and check that your device's clock is right.");

            var (shown, hashes) = RecoveryCodes.Make(account);
            (account.Authenticator, account.AuthenticatorStep, account.RecoveryCodes) = (kept, step, hashes);
            if (!await ShowSecurity.Change(http, session, accounts, "pwd", "otp", "mfa")) return ShowSecurity.Again(form["returnUrl"]);
            log.LogInformation("Account {Account} has a new authenticator", account.Id);
            return RenewRecoveryCodes.Page(shown, EnterPassword.Local(form["returnUrl"]));
        });
    }

    static IResult Ask(HttpContext http, IAntiforgery forgery, Authenticator.Offer offer, string? returnUrl, string? fault) =>
        Show.Page<AddAuthenticatorPage>(fault is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity, new()
        {
            ["Forgery"] = forgery.GetAndStoreTokens(http), ["Offer"] = offer, ["ReturnUrl"] = EnterPassword.Local(returnUrl), ["Fault"] = fault,
        });
}
