using System.Text.Json.Nodes;
using static Vigil.Gateway.Tests.SignInDoor;

namespace Vigil.Gateway.Tests;

/// <summary>What changes about an account ends its sessions, at every gateway.</summary>
public sealed class AccountChangeTests(SignInDoor.Shared shared) : IClassFixture<SignInDoor.Shared>
{
    SignInDoor Own => shared.Door;
    Platform Platform => Own.Platform;

    [Theory]
    [InlineData("roles")]
    [InlineData("disabled")]
    [InlineData("ended")]
    [InlineData("invited")]
    public async Task A_change_of_the_account_ends_its_sessions_within_a_minute(string change)
    {
        var person = await Staff.Join(Platform, Platform.As(await Platform.SignIn("admin")), "writer");
        var visitor = await Platform.Visit(person.Name, Staff.Password);
        var other = Own.Elsewhere(visitor);
        (await other.Open("/newsroom")).Must(200);
        // Again, since a token is good for a few seconds only.
        var admin = Platform.As(await Platform.SignIn("admin"));
        (await (change switch
        {
            "roles" => admin.Send(HttpMethod.Put, $"/identity/accounts/{person.Id}/roles", new JsonObject { ["roles"] = new JsonArray("editor") }),
            "disabled" => admin.Send(HttpMethod.Delete, $"/identity/accounts/{person.Id}/access"),
            "ended" => admin.Send(HttpMethod.Delete, $"/identity/accounts/{person.Id}/sessions"),
            _ => admin.Send(HttpMethod.Post, $"/identity/accounts/{person.Id}/invitation"),
        })).Must(200);
        foreach (var browser in new[] { visitor, other }) await Wait.Until(() => browser.Open(Articles), a => a.Status == 401, "the session over", TimeSpan.FromSeconds(60));
        Assert.Contains("name=\"password\"", (await visitor.Follow("/newsroom")).Must(200).Text, StringComparison.Ordinal);
    }
}
