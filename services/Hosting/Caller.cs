using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Vigil.Hosting;

/// <summary>Who asks: an account, or a machine client, which may never sign off.</summary>
public sealed record Caller(Guid Id, bool IsMachine)
{
    /// <summary>The roles of the newsroom that the caller has, whatever else a token says.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    public bool May(string policy) => Policy.Of(policy).Any(Roles.Contains);

    public static ValueTask<Caller> BindAsync(HttpContext http) => ValueTask.FromResult(From(http.User));

    public static Caller From(ClaimsPrincipal user)
    {
        var subject = user.FindFirstValue("sub") ?? throw new RefusedException(new Fault("auth.required"));
        var caller = Guid.TryParse(subject, out var id) ? new Caller(id, IsMachine: false) : new Caller(Uuid.From("client", subject), IsMachine: true);
        return caller with { Roles = [.. Policy.AllRoles.Where(user.IsInRole)] };
    }
}

/// <summary>The roles of the newsroom and the policies made of them; a route names one of these policies or is public.</summary>
public static class Policy
{
    public const string Staff = nameof(Staff);
    /// <summary>Sees what is not live, too.</summary>
    public const string Drafts = nameof(Drafts);
    public const string Writing = nameof(Writing);
    public const string Editing = nameof(Editing);
    public const string Reviewing = nameof(Reviewing);
    public const string Releasing = nameof(Releasing);
    public const string Removing = nameof(Removing);
    public const string Safety = nameof(Safety);
    public const string Administration = nameof(Administration);

    static readonly Dictionary<string, string[]> Roles = new()
    {
        [Staff] = ["writer", "editor", "safety", "publisher", "duty", "admin"],
        [Drafts] = ["writer", "editor", "safety", "publisher", "admin"],
        [Writing] = ["writer", "editor"],
        [Editing] = ["editor"],
        [Reviewing] = ["editor", "safety"],
        [Releasing] = ["publisher", "editor"],
        [Removing] = ["editor", "safety", "duty"],
        [Safety] = ["safety"],
        [Administration] = ["admin"],
    };

    public static IEnumerable<string> Names => Roles.Keys;

    public static IReadOnlyList<string> AllRoles => Roles[Staff];

    /// <summary>The roles that a policy asks one of.</summary>
    public static IReadOnlyList<string> Of(string policy) => Roles[policy];

    public static void Register(AuthorizationOptions options)
    {
        // A route that forgets its policy is closed, not open; where there is no route there is nothing to close.
        options.FallbackPolicy = new AuthorizationPolicyBuilder().RequireAssertion(c => c.Resource is HttpContext http && http.GetEndpoint() is not RouteEndpoint).Build();
        foreach (var (name, roles) in Roles) options.AddPolicy(name, p => p.RequireAuthenticatedUser().RequireRole(roles));
    }
}

/// <summary>
/// What cannot be taken back, or opens the house to others, asks who is there once more (RFC 9470). Machines never sign in, and are judged
/// by their roles; what keeps people safe, such as a takedown, is never held up by this.
/// </summary>
public sealed class Fresh
{
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    internal static async ValueTask<object?> Require(EndpointFilterInvocationContext context, EndpointFilterDelegate next) => Ask(context.HttpContext) ?? await next(context);

    /// <summary>The refusal that asks; null where somebody signed in lately.</summary>
    public static IResult? Ask(HttpContext http)
    {
        var now = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        if (Caller.From(http.User).IsMachine || long.TryParse(http.User.FindFirstValue("auth_time"), NumberStyles.None, CultureInfo.InvariantCulture, out var at) && now.ToUnixTimeSeconds() - at <= Longest.TotalSeconds)
            return null;
        http.Response.Headers.WWWAuthenticate = $"Bearer error=\"insufficient_user_authentication\", error_description=\"A more recent sign-in is required\", max_age=\"{(int)Longest.TotalSeconds}\"";
        return Refusals.Problem("auth.step-up-required");
    }
}

public static class Freshness
{
    /// <summary>People must have signed in within the last five minutes; 401 <c>auth.step-up-required</c> otherwise.</summary>
    public static RouteHandlerBuilder RequireFresh(this RouteHandlerBuilder route) => route.AddEndpointFilter(Fresh.Require).WithMetadata(new Fresh());
}
