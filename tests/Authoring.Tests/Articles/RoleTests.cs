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
    };

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

    IEnumerable<(string, Func<Task<Guid>>, Func<Newsroom, Guid, Task<Reply>>)> Attempts()
    {
        yield return ("draft", () => Task.FromResult(Guid.Empty), (who, _) => who.Draft(Draft.Full()));
        yield return ("desk", () => Task.FromResult(Guid.Empty), (who, _) => who.List());
        yield return ("read", () => installed.Drafted(), (who, id) => who.Read(id));
        yield return ("revisions", () => installed.Drafted(), (who, id) => who.Revisions(id));
        yield return ("revise", () => installed.Drafted(), (who, id) => who.Revise(id, 1, Draft.Full()));
        foreach (var (command, body) in Commands)
            yield return (command, () => command switch
            {
                "submission" or "erasure" => installed.Drafted(),
                "approval" or "changes-request" => installed.InReview(),
                "publication" => installed.Approved(),
                _ => installed.Live(),
            }, (who, id) => who.Do(id, command, body()));
        yield return ("publication of a withdrawn story", () => installed.Withdrawn(), (who, id) => who.Publish(id));
    }
}
