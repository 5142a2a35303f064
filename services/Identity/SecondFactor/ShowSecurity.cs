using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Identity;
using Vigil.Identity.Accounts;
using Vigil.Identity.Pages;
using Vigil.Identity.SignIn;

namespace Vigil.Identity.SecondFactor;

/// <summary>Where people look after their own sign-in. Only who signed in within the last five minutes comes in: nobody adds a key at a desk that was left open.</summary>
public static class ShowSecurity
{
    const string Path = "/identity/security";

    public static void Map(RouteGroupBuilder pages) => pages.MapGet("/security", async (HttpContext http, string? returnUrl, UserManager<Account> accounts, Settings settings, TimeProvider clock, IAntiforgery forgery) =>
        await Who(http, accounts, clock) is { } session ? Page(http, forgery, settings, session, returnUrl, null) : Again(returnUrl));

    public static async Task<Session?> Who(HttpContext http, UserManager<Account> accounts, TimeProvider clock) =>
        await Session.Read(http, accounts) is { } session && clock.GetUtcNow() - session.Began <= Hosting.Fresh.Longest
        // With a second factor in place, the password alone does not take it away.
        && (!session.Account.HasSecondFactor || session.Methods.Contains("mfa")) ? session : null;

    /// <summary>The form of a page of ours, sent by whoever may; null: it is asked again who this is.</summary>
    public static async Task<(Session Session, IFormCollection Form)?> Sent(HttpContext http, UserManager<Account> accounts, TimeProvider clock, IAntiforgery forgery) =>
        http.Request.HasFormContentType && await forgery.IsRequestValidAsync(http) && await Who(http, accounts, clock) is { } session ? (session, await http.Request.ReadFormAsync(http.RequestAborted)) : null;

    /// <summary>To this page, by way of where it goes on to afterwards.</summary>
    public static string Address(string? back) => back is null ? Path : $"{Path}{QueryString.Create("returnUrl", EnterPassword.Local(back))}";

    public static IResult Again(string? back) => Results.LocalRedirect($"/identity/sign-in{QueryString.Create("returnUrl", Address(back))}");

    /// <summary>Changing how one signs in ends whatever was signed in before, but for this browser. Where no second factor is left, codes on paper open nothing.</summary>
    public static async Task<bool> Change(HttpContext http, Session session, UserManager<Account> accounts, params IEnumerable<string> methods)
    {
        if (!session.Account.HasSecondFactor) session.Account.RecoveryCodes = [];
        if (!(await accounts.UpdateSecurityStampAsync(session.Account)).Succeeded) return false;
        await Session.Begin(http, session.Account, session.Account.HasSecondFactor ? methods : ["pwd"]);
        return true;
    }

    public static IResult Page(HttpContext http, IAntiforgery forgery, Settings settings, Session session, string? returnUrl, string? fault) => Show.Page<SecurityPage>(fault is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity, new()
    {
        ["Forgery"] = forgery.GetAndStoreTokens(http), ["Account"] = session.Account, ["IsRequired"] = settings.IsSecondFactorRequired, ["CanHavePasskeys"] = settings.CanHavePasskeys,
        ["ReturnUrl"] = EnterPassword.Local(returnUrl), ["Fault"] = fault,
    });
}
