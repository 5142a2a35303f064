using Vigil.Kit;

namespace Vigil.Authoring.Tests.Articles;

/// <summary>A command that is sent again, since its answer was lost, is carried out once and answered as the first time.</summary>
public sealed class IdempotencyTests(Installed installed)
{
    static string Key() => $"{Guid.NewGuid()}";

    [Fact]
    public async Task The_same_key_makes_the_same_article_once()
    {
        var (key, article) = (Key(), Draft.Full());
        var first = (await installed.Writer.Draft(article, key)).Must(201);
        (await installed.Writer.Submit(first.Id)).Must(200);
        var again = (await installed.Writer.Draft(article, key)).Must(201);
        Assert.Equal((first.Text, first.ETag, first.Headers["Location"]), (again.Text, again.ETag, again.Headers["Location"]));
        Assert.Equal(2, await installed.Events(first.Id));
    }

    [Fact]
    public async Task The_same_key_carries_a_command_out_once_and_answers_as_then()
    {
        var (id, key) = (await installed.InReview(), Key());
        var first = (await installed.Editor.Do(id, "approval", key: key)).Must(200);
        (await installed.Writer.Revise(id, 3, Draft.Full())).Must(200);
        var again = (await installed.Editor.Do(id, "approval", key: key)).Must(200);
        Assert.Equal((first.Version, "approved"), (again.Version, again["work"].GetString()));
        Assert.Equal(first["text"].GetRawText(), again["text"].GetRawText());
        Assert.Equal(4, await installed.Events(id));
        Assert.Equal("drafting", (await installed.Editor.Read(id))["work"].GetString());
    }

    [Fact]
    public async Task The_same_key_for_other_words_is_refused()
    {
        var key = Key();
        var id = (await installed.Writer.Draft(Draft.Full(), key)).Must(201).Id;
        (await installed.Writer.Draft(Draft.Full(), key)).MustRefuse("command.key-reused", "Idempotency-Key");
        (await installed.Editor.Do(await installed.InReview(), "changes-request", new() { ["note"] = "One." }, key)).Must(200);
        Assert.Equal(1, await installed.Events(id));
    }

    [Fact]
    public async Task Twenty_at_once_with_one_key_make_one_article()
    {
        var (key, article) = (Key(), Draft.Full());
        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => installed.Writer.Draft(article.DeepClone().AsObject(), key)));
        Assert.All(replies, r => r.Must(201));
        var id = Assert.Single(replies.Select(r => r.Id).Distinct());
        Assert.Equal(1, await installed.Events(id));
        Assert.Single(await installed.Platform.Query<string>("select id from authoring.mt_doc_text where data->>'owner' = $1", $"{id}"));
    }

    [Fact]
    public async Task A_key_is_its_accounts_and_its_addresss_own()
    {
        var (key, article) = (Key(), Draft.Full());
        var (mine, theirs) = ((await installed.Writer.Draft(article, key)).Must(201).Id, (await installed.Editor.Draft(article, key)).Must(201).Id);
        Assert.NotEqual(mine, theirs);
        (await installed.Writer.Do(mine, "submission", key: key)).Must(200);
        (await installed.Editor.Do(theirs, "submission", key: key)).Must(200);
        (await installed.Editor2.Do(mine, "approval", key: key)).Must(200);
    }

    [Theory, InlineData(""), InlineData(" "), InlineData("a b"), InlineData("a\tb"), InlineData("@201")]
    public async Task A_bad_key_is_refused(string key)
    {
        var nobody = Account.Person("keys", "writer");
        var before = await installed.Stored(Guid.Empty, nobody);
        (await installed.Platform.As(nobody).Draft(Draft.Full(), key.Replace("@201", new string('k', 201), StringComparison.Ordinal))).MustRefuse("request.bad-key", "Idempotency-Key");
        Assert.Equal(before, await installed.Stored(Guid.Empty, nobody));
        (await installed.Writer.Draft(Draft.Full(), new string('k', 200 - 36) + Key())).Must(201);
    }

    /// <summary>A refusal is no answer to remember: once the cause is gone, the same key works.</summary>
    [Fact]
    public async Task A_refused_command_leaves_its_key_free()
    {
        var (id, key) = (await installed.Drafted(), Key());
        (await installed.Editor.Do(id, "approval", key: key)).MustRefuse("article.not-in-review");
        (await installed.Writer.Submit(id)).Must(200);
        (await installed.Editor.Do(id, "approval", key: key)).Must(200);
    }

    [Theory, InlineData("submission", 2), InlineData("approval", 3), InlineData("publication", 4), InlineData("withdrawal", 5), InlineData("takedown", 5), InlineData("clearance", 4),
     InlineData("protection", 2), InlineData("embargo", 2), InlineData("assignment", 2), InlineData("schedule", 4), InlineData("correction", 8)]
    public async Task Twenty_at_once_happen_once(string command, long events)
    {
        var id = await installed.For(command);
        var (one, other) = (installed.Somebody("writer", "editor", "safety"), installed.Somebody("writer", "editor", "safety"));
        // Without keys, by two people: the state itself says that it is so already.
        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => RoleTests.Give(i % 2 == 0 ? one : other, id, command)));
        Assert.All(replies, r => Assert.Equal(events, r.Must(200).Version));
        Assert.Equal(events, await installed.Events(id));
    }

    [Fact]
    public async Task Of_twenty_revisions_of_one_version_one_is_saved()
    {
        var id = await installed.Drafted();
        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => installed.Writer.Revise(id, 1, Draft.Full())));
        var saved = Assert.Single(replies, r => r.Status == 200);
        Assert.All(replies.Where(r => r != saved), r => r.MustRefuse("precondition.stale", "If-Match"));
        Assert.Equal(saved["text"].GetRawText(), (await installed.Writer.Read(id))["text"].GetRawText());
        Assert.Equal("2 and 0 events, 2 texts, 0 receipts, 0 strays", await installed.Stored(id, Account.Person("nobody")));
    }
}
