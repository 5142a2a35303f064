using Microsoft.AspNetCore.Identity;
using Vigil.Hosting;

namespace Vigil.Identity.Accounts;

public static class Accounts
{
    public static void AddAccounts(this WebApplicationBuilder builder, Settings settings)
    {
        builder.Services.AddIdentityCore<Account>(o =>
        {
            o.User.AllowedUserNameCharacters = Account.NameCharacters;
            // Length protects, and that nobody would try it; rules about kinds of characters do not (NIST SP 800-63B).
            o.Password = new() { RequiredLength = settings.ShortestPassword, RequireDigit = false, RequireLowercase = false, RequireUppercase = false, RequireNonAlphanumeric = false, RequiredUniqueChars = 1 };
        }).AddPasswordValidator<HardToGuess>().AddUserStore<SecondFactor.PasskeyStore>().AddDefaultTokenProviders();
        builder.Services.Configure<PasswordHasherOptions>(o => o.IterationCount = 210_000);
        builder.Services.Configure<DataProtectionTokenProviderOptions>(o => o.TokenLifespan = Invitation.Lifetime);
    }

    public static void MapAccounts(this WebApplication app)
    {
        var accounts = app.MapGroup("/identity/accounts").RequireAuthorization(Policy.Administration).AddEndpointFilter<Administrator>();
        CreateAccount.Map(accounts);
        ListAccounts.Map(accounts);
        ReadAccount.Map(accounts);
        InviteAccount.Map(accounts);
        ChangeRoles.Map(accounts);
        DisableAccount.Map(accounts);
        EnableAccount.Map(accounts);
        SignOutAccount.Map(accounts);
        SecondFactor.RemoveSecondFactor.Map(accounts);
        AcceptInvitation.Map(app);
    }
}
