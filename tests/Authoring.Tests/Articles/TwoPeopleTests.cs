using Vigil.Kit;

namespace Vigil.Authoring.Tests.Articles;

/// <summary>What one person alone must not do: the first proposes, and another, who says the same, carries it out within a day.</summary>
public sealed class TwoPeopleTests(Installed installed)
{
    const string Sorry = "This story was wrong. We are sorry.";

    [Fact]
    public async Task A_story_is_retracted_by_two_in_the_same_words()
    {
        var id = await installed.Live();
        var asked = (await installed.Editor.Retract(id, Sorry, "A source misled us.")).Must(202);
        Assert.Equal(("awaiting-second", "live"), (asked["state"].GetString(), asked["release"].GetString()));
        var wish = (await installed.Editor2.Read(id))["proposal"];
        Assert.Equal(("retraction", Account.Editor.Id, Sorry, "A source misled us.", "none"), (wish.GetProperty("kind").GetString(), wish.GetProperty("by").GetGuid(),
            wish.GetProperty("notice").GetString(), wish.GetProperty("reason").GetString(), wish.GetProperty("mail").GetString()));
        // The same person again is one person; another's other words are a new wish.
        Assert.Equal(asked.Version, (await installed.Editor.Retract(id, Sorry, "A source misled us.")).Must(202).Version);
        (await installed.Editor2.Retract(id, Sorry)).Must(202);
        (await installed.Editor.Retract(id, Sorry, "A source misled us.")).Must(202);
        var done = (await installed.Editor2.Retract(id, Sorry, "A source misled us.")).Must(200);
        Assert.Equal(("retracted", Sorry), (done["release"].GetString(), done["notice"].GetProperty("notice").GetString()));

        var told = await Wait.Until(() => Task.FromResult(installed.Retracted.SingleOrDefault(r => r.ArticleId == id)!), r => r is not null, "the retraction on the wire");
        Assert.Equal((done.Version, Sorry, "A source misled us.", null), (told.Version, told.Notice.Notice, told.Notice.Reason, told.MailAt));
        foreach (var command in new[] { "submission", "approval", "publication", "correction", "withdrawal", "protective-correction", "embargo" })
            (await RoleTests.Give(installed.Editor2, id, command, done.Version)).MustRefuse("article.retracted");
        (await installed.Somebody("duty").TakeDown(id)).Must(200);
    }

    [Fact]
    public async Task Of_two_second_persons_at_once_one_carries_it_out()
    {
        var id = await installed.Withdrawn();
        (await installed.Editor.Retract(id, Sorry, mail: "now")).Must(202);
        var seconds = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => installed.Somebody("editor").Retract(id, Sorry)));
        Assert.All(seconds, r => Assert.Equal("retracted", r.Must(200)["release"].GetString()));
        Assert.Equal(7, await installed.Events(id));
        // The first one's wish for mail was kept.
        var told = await Wait.Until(() => Task.FromResult(installed.Retracted.SingleOrDefault(r => r.ArticleId == id)!), r => r is not null, "the retraction on the wire");
        Assert.Equal(told.At, told.MailAt);
    }

    [Theory, InlineData("publication"), InlineData("retraction")]
    public async Task What_was_proposed_can_be_dropped_and_is_forgotten_after_a_day(string command)
    {
        var id = await installed.Withdrawn();
        var key = $"{Guid.NewGuid()}";
        var asked = (await installed.Editor.Do(id, command, RoleTests.Commands[command](), key)).Must(202);
        (await installed.Writer.Drop(id, command)).MustRefuse("auth.forbidden");
        // Another kind is none of it.
        Assert.Equal(asked.Version, (await installed.Editor2.Drop(id, command is "publication" ? "retraction" : "publication")).Must(200).Version);
        (await installed.Editor2.Drop(id, command, ifMatch: $"\"{asked.Version - 1}\"")).MustRefuse("precondition.stale", "If-Match");
        Assert.Equal(asked.Version + 1, (await installed.Editor2.Drop(id, command)).Must(200).Version);
        Assert.Equal(asked.Version + 1, (await installed.Editor2.Drop(id, command)).Must(200).Version);
        Assert.Equal((202, asked.Version), ((await installed.Editor.Do(id, command, RoleTests.Commands[command](), key)).Must(202).Status, asked.Version));

        (await installed.Editor2.Do(id, command, RoleTests.Commands[command]())).Must(202);
        await installed.Platform.Query<int>("update authoring.mt_doc_article set data = jsonb_set(data, '{proposal,at}', to_jsonb(now() - interval '24 hours')) where id = $1", id);
        var late = (await installed.Editor.Read(id)).Must(200);
        Assert.Equal((System.Text.Json.JsonValueKind.Null, System.Text.Json.JsonValueKind.Null), (late["state"].ValueKind, late["proposal"].ValueKind));
        Assert.Equal("awaiting-second", (await installed.Editor.Do(id, command, RoleTests.Commands[command]())).Must(202)["state"].GetString());
    }

    [Fact]
    public async Task From_the_fourth_on_a_person_alone_makes_stories_dark_and_a_second_removes_them()
    {
        var stories = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => installed.Live()));
        var (alone, second) = (installed.Somebody("duty"), installed.Somebody("safety"));
        var replies = await Task.WhenAll(stories.Select(id => alone.TakeDown(id)));
        Assert.Equal([3, 3], replies.GroupBy(r => r.Status).OrderBy(g => g.Key).Select(g => g.Count()));
        Assert.All(replies, r => Assert.Equal(r.Status == 200 ? "taken-down" : "withdrawn", r["release"].GetString()));
        var dark = stories.Where((_, i) => replies[i].Status == 202).ToArray();
        foreach (var id in dark) (await alone.TakeDown(id)).Must(202);
        // All of them by one other person, who is no less able to take three down alone.
        foreach (var id in dark[..2]) Assert.Equal("taken-down", (await second.TakeDown(id)).Must(200)["release"].GetString());
        foreach (var _ in Enumerable.Range(0, 1)) (await second.TakeDown(await installed.Live())).Must(200);
        // Who changes their mind leaves it withdrawn: it comes back by two.
        Assert.Equal("withdrawn", (await alone.Drop(dark[2], "takedown")).Must(200)["release"].GetString());
        (await installed.Editor.Publish(dark[2])).Must(202);
    }

    /// <summary>What a stolen account could empty for ever by new words counts as what it takes down.</summary>
    [Fact]
    public async Task From_the_fourth_on_a_protective_correction_makes_dark_and_erases_nothing()
    {
        var account = Account.Person($"in a hurry {Guid.NewGuid()}", "editor");
        var (alone, page) = (installed.Platform.As(account), Pages.Visitor.As(installed.Platform, account));
        var stories = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => installed.Live()));
        (await alone.TakeDown(await installed.Live())).Must(200);
        foreach (var id in stories[..2]) Assert.Equal("live", (await alone.CorrectProtectively(id, 4, Draft.Full())).Must(200)["release"].GetString());
        // The same story again empties nothing more.
        Assert.Equal("live", (await alone.CorrectProtectively(stories[0], await installed.Events(stories[0]), Draft.Full())).Must(200)["release"].GetString());
        var dark = (await alone.CorrectProtectively(stories[2], 4, Draft.Full())).Must(200);
        Assert.Equal(("withdrawn", "drafting", 6), (dark["release"].GetString(), dark["work"].GetString(), dark.Version));
        Assert.Equal([false, false], (await alone.Revisions(stories[2])).Must(200)["items"].EnumerateArray().Select(i => i.GetProperty("erased").GetBoolean()));
        var shown = await page.Press(await page.Article(stories[3], "/protective-correction"), "Publish this and erase all before it", ("headline", Draft.Headline("Safer")));
        Assert.StartsWith("Unpublished, and nothing is erased", shown.Notice);
        (await alone.TakeDown(await installed.Live())).Must(202);
        // It comes back reviewed, and by two.
        (await alone.Submit(stories[2])).Must(200);
        (await alone.Approve(stories[2])).MustRefuse("article.own-work");
        (await installed.Editor.Approve(stories[2])).Must(200);
        (await installed.Editor.Publish(stories[2])).Must(202);
    }

    [Fact]
    public async Task The_text_of_a_removed_story_is_issued_anew_by_two_and_reviewed_by_another()
    {
        var article = Draft.Full().With("slug", $"s{Guid.NewGuid():N}");
        var ann = installed.Somebody("writer", "editor");
        var old = (await ann.Draft(article)).Must(201).Id;
        (await ann.Submit(old)).Must(200);
        (await installed.Editor.Approve(old)).Must(200);
        (await installed.Editor.Publish(old)).Must(200);
        (await installed.Editor.Reissue(old)).MustRefuse("article.not-taken-down");
        (await installed.Somebody("duty").TakeDown(old)).Must(200);
        (await installed.Editor.Reissue(old)).Must(202);
        var seconds = await Task.WhenAll(installed.Editor2.Reissue(old), installed.Somebody("editor").Reissue(old));
        var issued = seconds[0].Must(201);
        Assert.Equal((issued.Id, $"/api/newsroom/v1/articles/{issued.Id}"), (seconds[1].Must(201).Id, issued.Headers["Location"]));
        Assert.NotEqual(old, issued.Id);
        Assert.Equal(("drafting", "unreleased", (string?)article["headline"]), (issued["work"].GetString(), issued["release"].GetString(), issued["text"].GetProperty("headline").GetString()));
        Assert.Equal(System.Text.Json.JsonValueKind.Null, issued["text"].GetProperty("slug").ValueKind);
        Assert.Equal(issued.Id, (await installed.Editor.Read(old))["reissuedAs"].GetGuid());
        Assert.Equal(2, await installed.Events(issued.Id));
        (await installed.Writer.Submit(issued.Id)).Must(200);
        // Who wrote it then has had a hand in it now.
        (await ann.Approve(issued.Id)).MustRefuse("article.own-work");
        (await installed.Editor.Approve(issued.Id)).Must(200);
    }
}
