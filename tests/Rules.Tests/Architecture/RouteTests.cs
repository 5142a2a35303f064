using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Vigil.Hosting;
using Vigil.Kit;
using Yarp.ReverseProxy.Model;

namespace Vigil.Rules.Tests.Architecture;

/// <summary>Who may come in where.</summary>
public class RouteTests
{
    const string Table = "Rules.Tests/Architecture/routes.approved.txt";

    /// <summary>A route of a service. Its policies are empty where everybody may come in.</summary>
    public sealed record Door(string Service, string Methods, string Path, bool IsPublic, IReadOnlyList<string?> Policies, bool IsFresh = false)
    {
        public override string ToString() => $"{Service} {Methods} {Path}: {(IsPublic ? "public" : string.Join(" and ", Policies))}{(IsFresh ? ", fresh" : "")}";
    }

    static IEnumerable<Door> Doors => Part.All.Where(p => p != Part.Gateway).SelectMany(p => p.Routes.Select(r => new Door(p.Name, MethodsOf(r), r.RoutePattern.RawText!,
        r.Metadata.GetMetadata<IAllowAnonymous>() is not null, [.. r.Metadata.GetOrderedMetadata<IAuthorizeData>().Select(a => a.Policy)], r.Metadata.GetMetadata<Fresh>() is not null)));

    /// <summary>A route of the gateway, with what guards its origin.</summary>
    public sealed record Passage(string Path, string Methods, string? Area, string? Cluster, IReadOnlyList<string> Hosts, bool IsLimited, bool HasTimeout)
    {
        public override string ToString() => $"gateway {Methods} {Path}: {Area} to {Cluster}";
    }

    static IEnumerable<Passage> Passages(Part gateway) => gateway.Routes.Where(r => r.Metadata.GetMetadata<RouteModel>() is not null).Select(r =>
    {
        var config = r.Metadata.GetMetadata<RouteModel>()!.Config;
        return new Passage(r.RoutePattern.RawText!, MethodsOf(r), config.Metadata?.GetValueOrDefault("Area"), config.ClusterId, config.Match.Hosts ?? [],
            r.Metadata.GetMetadata<EnableRateLimitingAttribute>() is not null && config.MaxRequestBodySize > 0, r.Metadata.GetMetadata<RequestTimeoutAttribute>() is not null);
    });

    static string MethodsOf(RouteEndpoint route) => string.Join(',', route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["*"]);

    [Fact]
    public void Every_route_is_guarded_as_was_approved()
    {
        Assert.Empty(Doors.SelectMany(Violations));
        var lines = Doors.Select(d => d.ToString()).Concat(Passages(Part.Gateway).Select(p => p.ToString())).Order(StringComparer.Ordinal);
        Approved.Is(Table, string.Join('\n', lines) + "\n");
    }

    public static TheoryData<Door> Open => [
        new Door("authoring", "GET", "/forgotten", IsPublic: false, []),
        new Door("authoring", "GET", "/nameless", IsPublic: false, [null]),
        new Door("authoring", "GET", "/invented", IsPublic: false, ["Everybody"]),
        new Door("authoring", "GET", "/contradictory", IsPublic: true, [Policy.Staff]),
    ];

    [Theory, MemberData(nameof(Open))]
    public void A_route_that_is_not_is_reported(Door door) => Assert.NotEmpty(Violations(door));

    static IEnumerable<string> Violations(Door door)
    {
        if (!door.IsPublic && door.Policies.Count == 0) yield return $"{door} names no policy";
        if (door.IsPublic && door.Policies.Count > 0) yield return $"{door} has a policy that does not count";
        foreach (var policy in door.Policies.Where(p => p is null || p != Inner.Policy && !Policy.Names.Contains(p))) yield return $"{door} names a policy that there is not: {policy}";
    }

    /// <summary>A route that forgets its policy is closed to everybody, whatever their roles.</summary>
    [Fact]
    public async Task Without_a_policy_nobody_comes_in()
    {
        var everything = new ClaimsPrincipal(new ClaimsIdentity([new("sub", Guid.Empty.ToString()), .. new[] { "writer", "editor", "safety", "publisher", "duty", "admin" }.Select(r => new Claim("role", r))], "test", "sub", "role"));
        foreach (var part in Part.All)
        {
            var fallback = await part.Services.GetRequiredService<IAuthorizationPolicyProvider>().GetFallbackPolicyAsync();
            var judge = part.Services.GetRequiredService<IAuthorizationService>();
            Assert.NotNull(fallback);
            Assert.False((await judge.AuthorizeAsync(everything, null, fallback)).Succeeded);
            foreach (var name in Policy.Names)
            {
                Assert.True((await judge.AuthorizeAsync(everything, null, name)).Succeeded);
                Assert.False((await judge.AuthorizeAsync(new ClaimsPrincipal(new ClaimsIdentity([new("role", "reader")], "test", "sub", "role")), null, name)).Succeeded);
                Assert.False((await judge.AuthorizeAsync(new ClaimsPrincipal(new ClaimsIdentity()), null, name)).Succeeded);
            }
        }
    }

    [Fact]
    public void Every_route_of_the_gateway_has_an_area_and_its_limits()
    {
        Assert.NotEmpty(Passages(Part.Gateway));
        Assert.Empty(Passages(Part.Gateway).SelectMany(Violations));
    }

    public static TheoryData<Passage> Unlimited => [
        new Passage("/x", "GET", null, "authoring", [], IsLimited: true, HasTimeout: true),
        new Passage("/x", "GET", "garden", "authoring", ["desk"], IsLimited: true, HasTimeout: true),
        new Passage("/x", "GET", "newsroom", "authoring", [], IsLimited: true, HasTimeout: true),
        new Passage("/x", "GET", "public", "publishing", [], IsLimited: false, HasTimeout: true),
        new Passage("/x", "GET", "public", "publishing", [], IsLimited: true, HasTimeout: false),
        new Passage("/x", "*", "public", "publishing", [], IsLimited: true, HasTimeout: true),
    ];

    [Theory, MemberData(nameof(Unlimited))]
    public void A_route_of_the_gateway_that_has_not_is_reported(Passage passage) => Assert.Single(Violations(passage));

    static IEnumerable<string> Violations(Passage p)
    {
        if (p.Area is not ("public" or "newsroom")) yield return $"{p} has no area";
        if (p.Area == "newsroom" && p.Hosts.Count == 0) yield return $"{p} answers on every host";
        if (p.Area == "public" && p.Methods.Split(',').Except(["GET", "HEAD", "POST"]).Any()) yield return $"{p} takes more methods than readers need";
        if (!p.IsLimited) yield return $"{p} has no limit";
        if (!p.HasTimeout) yield return $"{p} may take for ever";
    }

    /// <summary>The gateway itself sees to it: a route that forgets its area stops the start.</summary>
    [Fact]
    public void A_gateway_with_a_route_without_area_does_not_start() =>
        Assert.Throws<InvalidOperationException>(() => Part.Gateway.With("--ReverseProxy:Routes:forgotten:ClusterId=authoring", "--ReverseProxy:Routes:forgotten:Match:Path=/forgotten").Routes);

    /// <summary>What staff may do is reached on the newsroom's hosts only.</summary>
    [Fact]
    public void No_public_route_of_the_gateway_leads_to_a_guarded_one() => Assert.Empty(Exposed(Doors, Passages(Part.Gateway)));

    [Fact]
    public void One_that_does_is_reported() => Assert.Equal(2, Exposed(
        [
            new("authoring", "GET", "/api/newsroom/v1/articles/{id:guid}", IsPublic: false, [Policy.Staff]),
            // What the parts say to each other is reached by nobody else, not even by staff.
            new("authoring", "GET", "/api/newsroom/v1/endings", IsPublic: false, [Inner.Policy]),
        ],
        [new("/api/newsroom/v1/articles/{**rest}", "GET", "public", "authoring", [], true, true), new("/api/newsroom/{**rest}", "GET", "newsroom", "authoring", ["desk"], true, true)]).Count());

    static IEnumerable<string> Exposed(IEnumerable<Door> doors, IEnumerable<Passage> passages) =>
        from door in doors
        where !door.IsPublic
        from passage in passages
        where (passage.Area == "public" || door.Policies.Contains(Inner.Policy)) && passage.Cluster == door.Service && Leads(passage.Path, door.Path)
        select $"{passage} leads to {door}";

    static bool Leads(string outer, string inner)
    {
        var (from, to) = (outer.Trim('/').Split('/'), inner.Trim('/').Split('/'));
        for (var i = 0; i < from.Length; i++)
        {
            if (from[i].StartsWith("{**", StringComparison.Ordinal)) return true;
            if (i >= to.Length || !(from[i] == to[i] || from[i].Contains('{') || to[i].Contains('{'))) return false;
        }
        return from.Length == to.Length;
    }
}
