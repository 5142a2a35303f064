using System.Text.Json.Nodes;

namespace Vigil.Kit;

/// <summary>Somebody of one test's own who works in the newsroom.</summary>
public sealed record Staff(Guid Id, string Name, Uri Invitation)
{
    public const string Password = "four or five random words";

    static int _joined;

    public static async Task<Staff> Invite(Newsroom admin, params string[] roles)
    {
        var name = $"person{Interlocked.Increment(ref _joined)}";
        var answer = (await admin.Send(HttpMethod.Post, "/identity/accounts", new JsonObject { ["userName"] = name, ["roles"] = new JsonArray([.. roles.Length > 0 ? roles : ["writer"]]) })).Must(201);
        return new(answer["account"].GetProperty("id").GetGuid(), name, new(answer["invitation"].GetProperty("link").GetString()!));
    }

    /// <summary>Invited, and with a password.</summary>
    public static async Task<Staff> Join(Platform platform, Newsroom admin, params string[] roles)
    {
        var person = await Invite(admin, roles);
        (await person.Choose(new(platform, platform.At("/identity")), Password)).Must(200);
        return person;
    }

    public async Task<Reply> Choose(Visitor browser, string password, string? repeated = null) =>
        await browser.Press(await browser.Open(Invitation.PathAndQuery), "/identity/invitation", ("password", password), ("repeated", repeated ?? password));
}
