using Microsoft.AspNetCore.Identity;
using Vigil.Hosting;

namespace Vigil.Identity.Accounts;

/// <summary>
/// Accounts are changed by people who are administrators at this moment, whatever an older token says. No machine may: it could
/// make itself an account, and so sign off.
/// </summary>
sealed class Administrator(UserManager<Account> accounts) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var caller = Caller.From(context.HttpContext.User);
        var account = caller.IsMachine ? null : await accounts.FindByIdAsync(caller.Id.ToString());
        return account is { Disabled: false } && account.Roles.Contains("admin") ? await next(context) : Refusals.Problem("auth.forbidden");
    }
}
