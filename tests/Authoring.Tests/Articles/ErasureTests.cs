using System.Text.Json;
using System.Text.Json.Nodes;
using Vigil.Kit;

namespace Vigil.Authoring.Tests.Articles;

/// <summary>Words that must go are gone from every place; until then they stand in one place only.</summary>
public sealed class ErasureTests(Installed installed)
{
    static string Canary() => $"zq{Guid.NewGuid():N}";

    /// <summary>An article with this word in every member that takes words.</summary>
    static JsonObject Full(string word)
    {
        var article = Draft.Full(word).With("standfirst", word).With("body", word).With("slug", word).With("topics", new JsonArray(word));
        article["byline"]!["name"] = word;
        article["quotations"]![0]!["text"] = word;
        article["quotations"]![0]!["as"] = word;
        article["prayerPoints"]!["lead"] = word;
        article["prayerPoints"]!["points"]![0] = word;
        article["related"]![0]!["title"] = word;
        article["related"]![0]!["url"] = $"https://{word}.example/{word}";
        article["related"]![0]!["call"] = word;
        return article;
    }

    void MustNotBeLogged(string word) => Assert.DoesNotContain(installed.Platform[Services.Authoring].Log, line => line.Contains(word, StringComparison.OrdinalIgnoreCase));

    [Fact]
    public async Task Words_stand_in_no_stream_and_no_log_and_after_erasure_in_no_table()
    {
        var (word, note) = (Canary(), Canary());
        var id = (await installed.Writer.Draft(Full(word), key: word)).Must(201).Id;
        (await installed.Writer.Submit(id)).Must(200);
        (await installed.Editor.Do(id, "changes-request", new() { ["note"] = note }, key: note)).Must(200);
        (await installed.Writer.Revise(id, 3, Full(word).With("standfirst", $"{word} again"))).Must(200);
        (await installed.Writer.Submit(id)).Must(200);
        (await installed.Editor.Approve(id)).Must(200);
        (await installed.Editor.Publish(id)).Must(200);
        var hash = (await installed.Release(id)).TextHash;
        (await installed.Safety.Erase(id, 2)).MustRefuse("article.live");
        (await installed.Editor.Withdraw(id, note)).Must(200);
        Assert.Equal(["authoring.mt_doc_text"], (await installed.Platform.TablesWith("authoring", word)).Union(await installed.Platform.TablesWith("authoring", note)));

        (await installed.Safety.Erase(id, 1, note)).Must(200);
        var erased = (await installed.Safety.Erase(id, 2, note)).Must(200);
        Assert.Equal((JsonValueKind.Null, true), (erased["text"].ValueKind, erased["erased"].GetBoolean()));
        (await installed.Somebody("duty").TakeDown(id, note)).Must(200);
        Assert.Empty(await installed.Platform.TablesWith("authoring", word));
        Assert.Equal(["authoring.mt_doc_text"], await installed.Platform.TablesWith("authoring", note));
        MustNotBeLogged(word);
        MustNotBeLogged(note);
        await Wait.Until(() => Task.FromResult(installed.Erased.Where(e => e.ArticleId == id).ToArray()), told => told.Length == 2 && told[1].TextHash == hash, "two erasures on the wire");
    }

    [Fact]
    public async Task Erased_words_are_in_no_answer()
    {
        var (word, account) = (Canary(), Account.Person($"author {Guid.NewGuid()}", "writer"));
        var author = installed.Platform.As(account);
        var id = (await author.Draft(Full(word), key: word)).Must(201).Id;
        (await author.Revise(id, 1, Draft.Full())).Must(200);
        (await installed.Safety.Erase(id, 1)).Must(200);
        foreach (var reply in new[]
                 {
                     await author.Read(id), await author.Read(id, "?version=1"), await author.Read(id, "?version=2"), await author.Revisions(id), await author.List("?mine=true"),
                     await author.Draft(Full(word), key: word),
                 })
            Assert.DoesNotContain(word, reply.Text, StringComparison.OrdinalIgnoreCase);
        var past = (await author.Read(id, "?version=1")).Must(200);
        Assert.Equal((JsonValueKind.Null, true), (past["text"].ValueKind, past["erased"].GetBoolean()));
        var revisions = (await author.Revisions(id)).Must(200)["items"].EnumerateArray().Select(r => r.GetProperty("erased").GetBoolean());
        Assert.Equal([true, false], revisions);
        // The other words are untouched.
        Assert.Equal(JsonValueKind.Object, (await author.Read(id))["text"].ValueKind);
    }

    [Fact]
    public async Task A_draft_without_words_is_told_apart_on_the_desk_and_cannot_be_submitted()
    {
        var account = Account.Person($"author {Guid.NewGuid()}", "writer");
        var id = (await installed.Platform.As(account).Draft(Draft.Full())).Must(201).Id;
        (await installed.Safety.Erase(id, 1)).Must(200);
        var line = Assert.Single((await installed.Platform.As(account).List("?mine=true"))["items"].EnumerateArray());
        Assert.Equal((true, JsonValueKind.Null), (line.GetProperty("erased").GetBoolean(), line.GetProperty("headline").ValueKind));
        (await installed.Writer.Submit(id)).MustRefuse("text.erased");
    }

    [Fact]
    public async Task Erased_words_do_not_come_back()
    {
        var article = Full(Canary());
        var id = await installed.Drafted(article);
        (await installed.Writer.Revise(id, 1, Draft.Full())).Must(200);
        (await installed.Safety.Erase(id, 1)).Must(200);
        var before = await installed.Stored(id, Account.Person("nobody"));
        (await installed.Writer.Revise(id, 3, article)).MustRefuse("text.erased");
        Assert.Equal(before, await installed.Stored(id, Account.Person("nobody")));
    }

    [Fact]
    public async Task Twice_and_twenty_times_at_once_is_one_erasure()
    {
        var id = await installed.Drafted();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ => (await installed.Safety.Erase(id, 1, "A reason.")).Must(200)));
        Assert.Equal(2, await installed.Events(id));
    }
}
