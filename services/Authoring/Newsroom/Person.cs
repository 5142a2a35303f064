using System.Security.Claims;
using Vigil.Hosting;

namespace Vigil.Authoring.Newsroom;

/// <summary>Who reads a page.</summary>
/// <param name="Name">Null where the token says none: accounts are known here by their ids alone.</param>
public sealed record Person(Guid Id, string? Name, IReadOnlyList<string> Roles)
{
    public static ValueTask<Person> BindAsync(HttpContext http) => ValueTask.FromResult(From(http.User));

    public static Person From(ClaimsPrincipal user) => new(Caller.From(user).Id, user.FindFirstValue("preferred_username") ?? user.FindFirstValue("name"),
        [.. Policy.AllRoles.Where(user.IsInRole)]);

    /// <summary>How a colleague, or oneself, is named on a page: by the end of the id, which begins with the time it was made.</summary>
    public string Call(Guid account) => account == Id ? "you" : $"colleague {account.ToString()[^6..]}";

    public bool May(string policy) => Policy.Of(policy).Any(Roles.Contains);
}
