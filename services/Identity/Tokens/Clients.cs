using System.Collections.Immutable;
using System.Text.Json;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Vigil.Identity.Tokens;

/// <summary>The clients, exactly as configuration names them; one that it does not name any more is removed.</summary>
public static class Clients
{
    public const string Newsroom = "newsroom";
    public const string Demonstration = "demonstration";
    const string RolesProperty = "roles";

    public static async Task Ensure(IServiceProvider services)
    {
        var store = services.GetRequiredService<IOpenIddictApplicationManager>();
        var wanted = Of(services.GetRequiredService<Settings>()).ToList();
        var left = new List<object>();
        await foreach (var client in store.ListAsync())
        {
            var id = await store.GetClientIdAsync(client);
            if (!wanted.Exists(w => w.ClientId == id)) left.Add(client);
        }

        foreach (var client in left) await store.DeleteAsync(client);
        foreach (var descriptor in wanted)
            if (await store.FindByClientIdAsync(descriptor.ClientId!) is { } client) await store.UpdateAsync(client, descriptor);
            else await store.CreateAsync(descriptor);
    }

    public static IEnumerable<string> RolesOf(ImmutableDictionary<string, JsonElement> properties) =>
        properties.TryGetValue(RolesProperty, out var roles) ? roles.EnumerateArray().Select(role => role.GetString()!) : [];

    static IEnumerable<OpenIddictApplicationDescriptor> Of(Settings settings)
    {
        if (settings.RedirectUris.Count > 0) yield return Web(settings);
        // For the command line: nothing listens there, the code is read from the redirect itself.
        if (settings.IsDemonstration) yield return Person(Demonstration, ApplicationTypes.Native, [new("http://127.0.0.1/demonstration")]);
        foreach (var machine in settings.Machines)
        {
            var client = new OpenIddictApplicationDescriptor
            {
                ClientId = machine.Id, ClientSecret = machine.Secret, ClientType = ClientTypes.Confidential,
                Permissions = { Permissions.Endpoints.Token, Permissions.GrantTypes.ClientCredentials },
            };
            client.Properties[RolesProperty] = JsonSerializer.SerializeToElement(machine.Roles);
            yield return client;
        }
    }

    static OpenIddictApplicationDescriptor Person(string id, string type, IEnumerable<Uri> redirectUris)
    {
        var client = new OpenIddictApplicationDescriptor
        {
            ClientId = id, ClientType = ClientTypes.Public, ApplicationType = type, ConsentType = ConsentTypes.Implicit,
            Permissions =
            {
                Permissions.Endpoints.Authorization, Permissions.Endpoints.Token, Permissions.GrantTypes.AuthorizationCode,
                Permissions.ResponseTypes.Code, Permissions.Scopes.Profile,
            },
            Requirements = { Requirements.Features.ProofKeyForCodeExchange },
        };
        client.RedirectUris.UnionWith(redirectUris);
        return client;
    }

    /// <summary>The backend of the newsroom's pages. It alone may refresh, and each refresh token works once.</summary>
    static OpenIddictApplicationDescriptor Web(Settings settings)
    {
        var client = Person(Newsroom, ApplicationTypes.Web, settings.RedirectUris);
        (client.ClientType, client.ClientSecret) = (ClientTypes.Confidential, settings.ClientSecret);
        client.Permissions.UnionWith([Permissions.GrantTypes.RefreshToken, Permissions.Endpoints.Revocation, Permissions.Endpoints.EndSession]);
        client.PostLogoutRedirectUris.UnionWith(settings.RedirectUris.Select(uri => new Uri(uri, "signed-out")));
        return client;
    }
}
