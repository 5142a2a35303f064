using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Identity;
using Vigil.Identity.Accounts;
using Vigil.Identity.Database;
using Vigil.Identity.Pages;
using Vigil.Identity.SignIn;

namespace Vigil.Identity.SecondFactor;

/// <summary>Has a device make a passkey, and keeps it under the name that its person gives it.</summary>
public static class AddPasskey
{
    const string BadName = "Give the passkey a name of up to 64 letters, by which you will know it again.";
    const string Mismatch = "That passkey was not taken: it is in use already, or the page had been open too long. Please try again.";
    static readonly string TooMany = $"You have {Passkey.Most} passkeys, and more are not kept. Remove one that you do not use any more.";

    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapPost("/security/passkeys/offer", async (HttpContext http, UserManager<Account> accounts, Passkeys passkeys, Settings settings, TimeProvider clock, IAntiforgery forgery) =>
            !settings.CanHavePasskeys || await ShowSecurity.Sent(http, accounts, clock, forgery) is not var (session, form) ? ShowSecurity.Again(null)
            : session.Account.Passkeys.Count >= Passkey.Most ? ShowSecurity.Page(http, forgery, settings, session, form["returnUrl"], TooMany)
            : await Ask(http, forgery, passkeys, session, form, null));
        pages.MapPost("/security/passkeys", async (HttpContext http, UserManager<Account> accounts, IdentityDatabase db, Passkeys passkeys, Settings settings, TimeProvider clock, IAntiforgery forgery, ILogger<Session> log) =>
        {
            if (!settings.CanHavePasskeys || await ShowSecurity.Sent(http, accounts, clock, forgery) is not var (session, form)) return ShowSecurity.Again(null);
            var (account, name) = (session.Account, form["name"].ToString().Trim());
            if (account.Passkeys.Count >= Passkey.Most) return ShowSecurity.Page(http, forgery, settings, session, form["returnUrl"], TooMany);
            if (name.Length is 0 or > Passkey.LongestName || name.Any(char.IsControl)) return await Ask(http, forgery, passkeys, session, form, BadName);
            if (await passkeys.Add(http, session, form, name) is not { } passkey) return await Ask(http, forgery, passkeys, session, form, Mismatch);

            IReadOnlyList<string>? shown = null;
            if (!account.HasSecondFactor) (shown, account.RecoveryCodes) = RecoveryCodes.Make(account);
            db.Passkeys.Add(passkey);
            if (!await ShowSecurity.Change(http, session, accounts, "pwd", UsePasskey.Method, "mfa")) return ShowSecurity.Again(form["returnUrl"]);
            log.LogInformation("Account {Account} has a new passkey", account.Id);
            return shown is null ? Results.LocalRedirect(ShowSecurity.Address(form["returnUrl"])) : RenewRecoveryCodes.Page(shown, EnterPassword.Local(form["returnUrl"]));
        });
    }

    static async Task<IResult> Ask(HttpContext http, IAntiforgery forgery, Passkeys passkeys, Session session, IFormCollection form, string? fault) =>
        Show.Page<AddPasskeyPage>(fault is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity, new()
        {
            ["Forgery"] = forgery.GetAndStoreTokens(http), ["Challenge"] = await passkeys.ToAdd(http, session), ["Name"] = form["name"].ToString(), ["ReturnUrl"] = EnterPassword.Local(form["returnUrl"]), ["Fault"] = fault,
        }, hasScript: true);
}
