using System.Text;
using System.Text.Json.Nodes;
using Vigil.Kit;

namespace Vigil.Authoring.Tests.Articles;

public sealed class RoleTests(Installed installed)
{
    /// <summary>Every command on an article, with a body that is good.</summary>
    public static readonly IReadOnlyDictionary<string, Func<JsonObject?>> Commands = new Dictionary<string, Func<JsonObject?>>
    {
        ["submission"] = () => null,
        ["changes-request"] = () => new() { ["note"] = "Please shorten." },
        ["approval"] = () => null,
        ["publication"] = () => null,
        ["withdrawal"] = () => null,
        ["takedown"] = () => null,
        ["erasure"] = () => new() { ["revision"] = 1 },
        ["clearance"] = () => null,
        ["protection"] = () => new() { ["protected"] = true },
        ["assignment"] = () => new() { ["to"] = $"{Account.Editor.Id}" },
        ["embargo"] = () => new() { ["until"] = "2999-01-01T00:00:00Z" },
        ["schedule"] = () => new() { ["at"] = "2999-01-01T00:00:00Z" },
        ["correction"] = () => new() { ["class"] = "minor" },
        ["protective-correction"] = () => Draft.Full(),
        ["retraction"] = () => new() { ["notice"] = "We were wrong." },
        ["reissue"] = () => null,
    };

    /// <summary>One of them, as a good client sends it.</summary>
    public static Task<Reply> Give(Kit.Newsroom who, Guid id, string command, long version = 4) =>
        who.Do(id, command, Commands[command](), ifMatch: command is "protective-correction" ? $"\"{version}\"" : null);

    /// <summary>A machine that holds every role still signs nothing off.</summary>
    static readonly Account Robot = new("robot", "robot", "writer", "editor", "safety", "publisher", "duty", "admin");

    static readonly IReadOnlyList<Account> Accounts = [.. Account.All, Robot, Account.Person("reader"), Account.Person("stranger", "Editor", "root")];

    /// <summary>Each account tries each command on a fresh article in the state that the command is for: what may be done is what this table says.</summary>
    [Fact]
    public async Task Every_role_and_command_does_what_the_table_says()
    {
        var table = new StringBuilder();
        foreach (var (name, fresh, attempt) in Attempts())
        {
            table.Append(name).Append('\n');
            var answers = await Task.WhenAll(Accounts.Select(async account => Line(account.Name, await attempt(installed.Platform.As(account), await fresh()))));
            table.AppendJoin("", answers).Append(Line("no token", await attempt(installed.Platform.As((string?)null), await fresh())));
        }
        Approved.Is("Authoring.Tests/Articles/roles.approved.txt", table.ToString());

        static string Line(string who, Reply reply) => $"  {who}: {reply.Status}{(reply.Code is { } code ? $" {code}" : "")}\n";
    }

    IEnumerable<(string, Func<Task<Guid>>, Func<Kit.Newsroom, Guid, Task<Reply>>)> Attempts()
    {
        yield return ("draft", () => Task.FromResult(Guid.Empty), (who, _) => who.Draft(Draft.Full()));
        yield return ("desk", () => Task.FromResult(Guid.Empty), (who, _) => who.List());
        yield return ("read", () => installed.Drafted(), (who, id) => who.Read(id));
        yield return ("revisions", () => installed.Drafted(), (who, id) => who.Revisions(id));
        yield return ("revise", () => installed.Drafted(), (who, id) => who.Revise(id, 1, Draft.Full()));
        foreach (var command in Commands.Keys)
            yield return (command, () => installed.For(command), (who, id) => Give(who, id, command));
        yield return ("publication of a withdrawn story", () => installed.Withdrawn(), (who, id) => who.Publish(id));
        yield return ("approval of a protective correction", async () =>
        {
            var id = await installed.Live();
            (await installed.Somebody("editor").CorrectProtectively(id, 4, Draft.Full())).Must(200);
            return id;
        }, (who, id) => who.Approve(id));
        foreach (var command in new[] { "publication", "retraction", "takedown", "reissue", "schedule" })
            yield return ($"DELETE {command}", () => installed.Live(), (who, id) => who.Drop(id, command));
        yield return ("lifting a protection", () => Protected(live: false), (who, id) => who.LiftProtection(id, "A reason."));
        yield return ("read what is protected", () => Protected(live: false), (who, id) => who.Read(id));
        yield return ("withdrawal of what is protected and live", () => Protected(live: true), (who, id) => who.Withdraw(id));
        yield return ("read what is live", () => installed.Live(), (who, id) => who.Read(id));
        yield return ("read what is withdrawn", () => installed.Withdrawn(), (who, id) => who.Read(id));
        yield return ("takedown of what is withdrawn", () => installed.Withdrawn(), (who, id) => who.TakeDown(id));
        yield return ("read what was live as it was", () => installed.Live(), (who, id) => who.Read(id, "?version=1"));

    }
    /// <summary>By people whom the table does not have.</summary>
    async Task<Guid> Protected(bool live)
    {
        var (ann, bob) = (installed.Somebody("writer"), installed.Somebody("editor"));
        var id = (await ann.Draft(Draft.Full())).Must(201).Id;
        if (live)
        {
            (await ann.Submit(id)).Must(200);
            (await bob.Approve(id)).Must(200);
            (await bob.Publish(id)).Must(200);
        }
        (await ann.Protect(id)).Must(200);
        return id;
    }
}
