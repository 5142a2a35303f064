using System.Text;
using Vigil.Hosting;
using Vigil.Kit;
using static Vigil.Authoring.Tests.Articles.Cast;
using Room = Vigil.Authoring.Articles.Articles;

namespace Vigil.Authoring.Tests.Articles;

/// <summary>What an article offers to whom.</summary>
public sealed class ActionTests(Installed installed)
{
    /// <summary>Ann wrote it, bob signed it off, and nobody else had a hand in it.</summary>
    static readonly (string Name, Caller Caller)[] Callers =
    [
        ("ann, its writer", new(Ann, false) { Roles = ["writer"] }),
        ("ann, an editor too", new(Ann, false) { Roles = ["writer", "editor"] }),
        ("bob, an editor", new(Bob, false) { Roles = ["editor"] }),
        .. Policy.AllRoles.Select(role => ($"cleo, {role}", new Caller(Cleo, false) { Roles = [role] })),
        ("a machine with every role", new(Cleo, true) { Roles = [.. Policy.AllRoles] }),
        ("nobody", new(Cleo, false)),
    ];

    /// <summary>Every state, command and role: what is offered is what this table lists, and it comes from the decisions themselves.</summary>
    [Fact]
    public void Every_state_offers_every_role_what_the_table_says()
    {
        var table = new StringBuilder();
        foreach (var (state, story) in States)
        {
            table.Append(state).Append('\n');
            foreach (var (name, caller) in Callers)
                table.Append($"  {name}: {string.Join(' ', Room.Offers.Where(o => o.IsOpen(story.State, caller, Noon)).Select(o => o.Name).DefaultIfEmpty("nothing"))}\n");
        }
        Approved.Is("Authoring.Tests/Articles/actions.approved.txt", table.ToString());
    }

    [Fact]
    public async Task An_article_says_what_its_reader_may_do_with_it()
    {
        static string Actions(Reply reply) => string.Join(' ', reply["actions"].EnumerateArray().Select(a => a.GetString()));
        var id = await installed.InReview();
        Assert.Equal("revision protection assignment", Actions(await installed.Writer.Read(id)));
        Assert.Equal("revision protection assignment changes-request approval embargo", Actions(await installed.Editor.Read(id)));
        Assert.Equal("protection assignment erasure", Actions(await installed.Safety.Read(id)));
        Assert.Equal("", Actions(await installed.Editor.Read(id, "?version=2")));
        Assert.Equal("revision protection assignment embargo schedule publication", Actions((await installed.Editor.Approve(id)).Must(200)));
    }
}
