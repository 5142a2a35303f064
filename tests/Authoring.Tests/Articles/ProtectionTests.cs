using Vigil.Kit;

namespace Vigil.Authoring.Tests.Articles;

/// <summary>Of a protected article only those know who have had a hand in it, and the safety officer; it goes out cleared or not at all.</summary>
public sealed class ProtectionTests(Installed installed)
{
    static bool Lists(Reply page, Guid id) => page.Must(200)["items"].EnumerateArray().Any(i => i.GetProperty("id").GetGuid() == id);

    [Fact]
    public async Task Others_find_it_nowhere()
    {
        var all = new[] { "writer", "editor", "publisher", "duty", "admin" };
        var (ann, bob, other) = (installed.Somebody("writer"), installed.Somebody("editor"), installed.Somebody(all));
        var id = (await ann.Draft(Draft.Full())).Must(201).Id;
        (await ann.Submit(id)).Must(200);
        var key = $"{Guid.NewGuid()}";
        (await other.Do(id, "submission", key: key)).Must(200);
        (await bob.RequestChanges(id, "Shorter.")).Must(200);
        Assert.True(Lists(await other.List("?limit=100"), id));
        (await ann.Protect(id)).Must(200);
        var version = await installed.Events(id);

        (await other.Read(id)).MustRefuse("article.unknown");
        (await other.Read(id, "?version=1")).MustRefuse("article.unknown");
        (await other.Revisions(id)).MustRefuse("article.unknown");
        Assert.False(Lists(await other.List("?limit=100"), id));
        foreach (var command in RoleTests.Commands.Keys.Except(["clearance", "erasure"])) (await RoleTests.Give(other, id, command)).MustRefuse("article.unknown");
        foreach (var command in new[] { "publication", "retraction", "takedown", "reissue", "schedule" }) (await other.Drop(id, command)).MustRefuse("article.unknown");
        (await other.Revise(id, version, Draft.Full())).MustRefuse("article.unknown");
        // Neither a version nor a key of before tells them.
        (await other.Do(id, "submission", ifMatch: "\"1\"")).MustRefuse("article.unknown");
        (await other.Do(id, "submission", key: key)).MustRefuse("article.unknown");
        Assert.Equal(version, await installed.Events(id));

        foreach (var insider in new[] { ann, bob, installed.Safety })
        {
            Assert.True((await insider.Read(id)).Must(200)["protected"].GetBoolean());
            (await insider.Revisions(id)).Must(200);
            Assert.True(Lists(await insider.List("?limit=100"), id));
        }
        (await ann.LiftProtection(id, "I think so.")).MustRefuse("article.only-safety");
        (await installed.Safety.LiftProtection(id, null)).MustRefuse("text.required", "reason");
        (await installed.Safety.LiftProtection(id, "The source is safe abroad.")).Must(200);
        (await other.Read(id)).Must(200);
    }

    /// <summary>Who is on duty and something else besides knows of it what duty knows.</summary>
    [Fact]
    public async Task Duty_opens_no_other_role_s_commands_on_what_is_live()
    {
        var account = Account.Person($"duty and all {Guid.NewGuid()}", "writer", "editor", "publisher", "duty", "admin");
        var (other, id) = (installed.Platform.As(account), await installed.Succeeded());
        (await installed.Editor.Correct(id, "fact", "The village was named.")).Must(200);
        (await installed.Writer.Protect(id)).Must(200);
        var version = await installed.Events(id);
        string[] own = ["withdrawal", "takedown", "protection"];
        Assert.Equal(["withdrawal", "takedown"], (await other.Read(id)).Must(200)["actions"].EnumerateArray().Select(a => a.GetString()));
        foreach (var command in RoleTests.Commands.Keys.Except(["clearance", "erasure", .. own])) (await RoleTests.Give(other, id, command, version)).MustRefuse("article.unknown");
        (await other.Assign(id, account)).MustRefuse("article.unknown");
        (await other.Unassign(id, Account.Editor)).MustRefuse("article.unknown");
        (await other.Revise(id, version, Draft.Full())).MustRefuse("article.unknown");
        foreach (var command in new[] { "publication", "retraction", "reissue", "schedule" }) (await other.Drop(id, command)).MustRefuse("article.unknown");
        Assert.Equal(version, await installed.Events(id));

        // What it ends, it still does not see whole; of what it withdrew it sees that it can be taken down.
        foreach (var end in new[] { () => other.Withdraw(id), () => other.TakeDown(id) })
        {
            var ended = (await end()).Must(200);
            Assert.Equal(System.Text.Json.JsonValueKind.Null, ended["text"].ValueKind);
            if (ended["release"].GetString() is "withdrawn")
            {
                var left = (await other.Read(id)).Must(200);
                Assert.DoesNotContain("village", left.Text, StringComparison.Ordinal);
                Assert.Equal(["takedown"], left["actions"].EnumerateArray().Select(a => a.GetString()));
            }
            else (await other.Read(id)).MustRefuse("article.unknown");
            (await other.Revisions(id)).MustRefuse("article.unknown");
            Assert.False(Lists(await other.List("?limit=100"), id));
        }
    }

    [Fact]
    public async Task Its_author_keeps_it_in_their_lists_whoever_protected_it()
    {
        var ann = installed.Somebody("writer");
        var id = (await ann.Draft(Draft.Full())).Must(201).Id;
        // As an article was kept before hands were remembered.
        await installed.Platform.Query<int>("update authoring.mt_doc_article set data = data - 'hands' where id = $1", id);
        (await installed.Safety.Protect(id)).Must(200);
        (await ann.Read(id)).Must(200);
        Assert.True(Lists(await ann.List("?mine=true"), id));
        Assert.Equal(1, Assert.Single((await ann.Send(HttpMethod.Get, "/api/newsroom/v1/articles/counts?mine=true")).Must(200).Body.EnumerateArray()).GetProperty("count").GetInt64());
    }

    [Fact]
    public async Task Who_is_handed_it_can_review_it_until_it_is_taken_from_them()
    {
        var (account, other) = (Account.Person($"reviewer {Guid.NewGuid()}", "editor"), Account.Person($"other {Guid.NewGuid()}", "editor"));
        var (reviewer, id) = (installed.Platform.As(account), await installed.Drafted());
        (await installed.Writer.Protect(id)).Must(200);
        (await installed.Writer.Submit(id)).Must(200);
        (await reviewer.Approve(id)).MustRefuse("article.unknown");
        (await reviewer.Assign(id, account)).MustRefuse("article.unknown");
        (await installed.Writer.Assign(id, account)).Must(200);
        (await installed.Writer.Assign(id, other)).Must(200);
        Assert.True(Lists(await reviewer.List("?limit=100"), id));
        (await reviewer.Approve(id)).Must(200);
        (await installed.Writer.Unassign(id, other)).Must(200);
        (await installed.Platform.As(other).Read(id)).MustRefuse("article.unknown");
        (await reviewer.Read(id)).Must(200);
    }

    [Fact]
    public async Task It_goes_out_with_a_clearance_of_exactly_this_text()
    {
        var id = await installed.Approved();
        (await installed.Writer.Protect(id)).Must(200);
        (await installed.Editor.Publish(id)).MustRefuse("article.not-cleared");
        (await installed.Editor.Schedule(id, DateTimeOffset.UtcNow.AddHours(1))).MustRefuse("article.not-cleared");
        Assert.Equal("cleared", (await installed.Safety.Clear(id)).Must(200)["work"].GetString());
        var version = (await installed.Writer.Revise(id, 5, Draft.Full())).Must(200).Version;
        (await installed.Safety.Clear(id)).MustRefuse("article.not-approved");
        (await installed.Writer.Submit(id)).Must(200);
        (await installed.Editor.Approve(id)).Must(200);
        (await installed.Editor.Publish(id)).MustRefuse("article.not-cleared");
        (await installed.Safety.Clear(id)).Must(200);
        (await installed.Editor.Publish(id)).Must(200);
        Assert.Equal(version + 4, await installed.Events(id));
    }

    [Fact]
    public async Task Nobody_clears_their_own_text()
    {
        var mended = installed.Somebody("writer", "safety");
        var id = await installed.InReview();
        (await mended.Revise(id, 2, Draft.Full())).Must(200);
        (await mended.Submit(id)).Must(200);
        (await installed.Editor.Approve(id)).Must(200);
        (await mended.Clear(id)).MustRefuse("article.own-work");
        (await installed.Safety.Clear(id)).Must(200);
    }

    [Fact]
    public async Task Who_is_on_duty_sees_what_is_live_and_can_end_it()
    {
        var duty = installed.Somebody("duty");
        var (published, draft) = (Draft.Full(), Draft.Full());
        var id = await installed.Live(published);
        (await installed.Writer.Revise(id, 4, draft)).Must(200);
        (await installed.Writer.Protect(id)).Must(200);
        var seen = (await duty.Read(id)).Must(200);
        Assert.Equal((string?)published["headline"], seen["text"].GetProperty("headline").GetString());
        Assert.DoesNotContain((string)draft["headline"]!, seen.Text);
        Assert.Equal(["withdrawal", "takedown"], seen["actions"].EnumerateArray().Select(a => a.GetString()!).Except(["protection"]));
        (await duty.Read(id, "?version=1")).MustRefuse("auth.forbidden");
        (await duty.Revisions(id)).MustRefuse("auth.forbidden");
        Assert.All((await duty.List("?limit=100")).Must(200)["items"].EnumerateArray(), i => Assert.Equal("live", i.GetProperty("release").GetString()));

        var dark = (await duty.Withdraw(id)).Must(200);
        Assert.Equal(("withdrawn", System.Text.Json.JsonValueKind.Null), (dark["release"].GetString(), dark["text"].ValueKind));
        // Whoever withdrew it in haste can still take it down.
        (await installed.Editor.Embargo(id, DateTimeOffset.UtcNow.AddDays(900))).Must(200);
        var left = (await duty.Read(id)).Must(200);
        foreach (var words in new[] { published, draft }) Assert.DoesNotContain((string)words["headline"]!, left.Text);
        foreach (var member in new[] { "text", "note", "notice", "approvedBy", "clearedBy", "embargo", "proposal" }) Assert.Equal((member, System.Text.Json.JsonValueKind.Null), (member, left[member].ValueKind));
        foreach (var member in new[] { "assignees", "corrections", "schedule", "missed" }) Assert.Equal((member, 0), (member, left[member].GetArrayLength()));
        Assert.Contains("takedown", left["actions"].EnumerateArray().Select(a => a.GetString()));
        Assert.False(Lists(await duty.List("?limit=100"), id));
        (await duty.TakeDown(id)).Must(200);
        (await duty.Read(id)).MustRefuse("article.unknown");
        // Drafts are nothing to them.
        var never = await installed.Drafted();
        (await duty.Read(never)).MustRefuse("article.unknown");
        (await duty.Withdraw(never)).MustRefuse("article.unknown");
    }
}
