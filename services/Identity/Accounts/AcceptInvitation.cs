using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Identity;
using Vigil.Identity.Pages;

namespace Vigil.Identity.Accounts;

/// <summary>The invited person chooses a password. Looking at the page changes nothing, so a link scanner does no harm.</summary>
public static class AcceptInvitation
{
    public const int LongestPassword = 200;

    public static void Map(WebApplication app)
    {
        var page = app.MapGroup("/identity/invitation").AllowAnonymous();
        page.MapGet("/", async (HttpContext http, string? account, string? token, UserManager<Account> store, Settings settings, IAntiforgery forgery) =>
            await Invitation.Read(account, token, store) is { } invitation ? Ask(http, forgery, settings, invitation.Account, token!, null) : Spent());
        page.MapPost("/", async (HttpContext http, UserManager<Account> store, Settings settings, IAntiforgery forgery, ILogger<Account> log) =>
        {
            if (!http.Request.HasFormContentType) return Spent();
            var form = await http.Request.ReadFormAsync(http.RequestAborted);
            string? token = form["token"];
            if (await Invitation.Read(form["account"], token, store) is not var (account, plain)) return Spent();
            if (!await forgery.IsRequestValidAsync(http)) return Ask(http, forgery, settings, account, token!, "The page had been open too long. Please choose the password again.");

            var password = form["password"].ToString();
            if (password != form["repeated"]) return Ask(http, forgery, settings, account, token!, "The two passwords differ. Please type them again.");
            if (password.Length > LongestPassword || !(await store.ResetPasswordAsync(account, plain, password)).Succeeded)
                return Ask(http, forgery, settings, account, token!, $"A password has {settings.ShortestPassword} to {LongestPassword} characters, and is none that others would guess. Four or five random words do well.");

            log.LogInformation("Account {Account} chose a password", account.Id);
            return Show.Page<NoticePage>(StatusCodes.Status200OK, new() { ["Title"] = "Your password is set", ["Text"] = "You can sign in with it now.", ["Next"] = "/identity/sign-in" });
        });
    }

    static IResult Ask(HttpContext http, IAntiforgery forgery, Settings settings, Account account, string token, string? fault) =>
        Show.Page<AcceptInvitationPage>(fault is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity, new()
        {
            ["Forgery"] = forgery.GetAndStoreTokens(http), ["Account"] = account, ["Token"] = token, ["Shortest"] = settings.ShortestPassword, ["Fault"] = fault,
        });

    static IResult Spent() => Show.Page<NoticePage>(StatusCodes.Status404NotFound, new()
    {
        ["Title"] = "This link does not work any more", ["Text"] = "It was used, or it ran out, or a newer one was sent. Ask an administrator for a new link.",
    });
}
