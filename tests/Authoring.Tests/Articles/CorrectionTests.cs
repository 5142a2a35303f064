using System.Text.Json;
using Vigil.Contracts.Authoring;
using Vigil.Kit;

namespace Vigil.Authoring.Tests.Articles;

/// <summary>What is live changes only as readers are told, or, where somebody is in danger, at once and without a trace of what stood there.</summary>
public sealed class CorrectionTests(Installed installed)
{
    Task<ArticleReleased> Told(Guid id, long version) => Wait.Until(() => Task.FromResult(installed.Released.LastOrDefault(r => r.ArticleId == id && r.Version == version)!), r => r is not null, $"release {version}");

    [Fact]
    public async Task A_corrected_fact_stays_with_the_story()
    {
        var id = await installed.Succeeded();
        (await installed.Editor.Publish(id)).MustRefuse("article.live");
        var corrected = (await installed.Editor.Correct(id, "fact", "It was in May.", "now")).Must(200);
        var line = Assert.Single(corrected["corrections"].EnumerateArray());
        Assert.Equal(("fact", "It was in May."), (line.GetProperty("class").GetString(), line.GetProperty("note").GetString()));
        Assert.Equal(line.GetProperty("at").GetDateTimeOffset(), corrected["modified"].GetDateTimeOffset());
        // The same again is nothing, another note without another text is refused.
        Assert.Equal(corrected.Version, (await installed.Editor2.Correct(id, "fact", "It was in May.")).Must(200).Version);
        (await installed.Editor2.Correct(id, "fact", "It was in June.")).MustRefuse("article.nothing-to-correct");

        var told = await Told(id, corrected.Version);
        Assert.Equal((ReleaseKind.Correction, told.At, told.At), (told.Kind, told.MailAt, told.Modified));
        Assert.Equal((CorrectionClass.Fact, "It was in May."), told.Corrections.Select(c => (c.Class, c.Note)).Single());

        (await installed.Writer.Revise(id, corrected.Version, Draft.Full())).Must(200);
        (await installed.Editor.Correct(id, "minor")).MustRefuse("article.not-approved");
        (await installed.Writer.Submit(id)).Must(200);
        (await installed.Editor.Approve(id)).Must(200);
        var minor = (await installed.Editor.Correct(id, "minor")).Must(200);
        Assert.Equal(corrected["modified"].GetDateTimeOffset(), minor["modified"].GetDateTimeOffset());
        var silent = await Told(id, minor.Version);
        Assert.Equal((ReleaseKind.Correction, null, told.Modified), (silent.Kind, silent.MailAt, silent.Modified));
        Assert.Equal(told.Corrections, silent.Corrections);
    }

    [Fact]
    public async Task A_draft_or_what_is_dark_is_not_corrected()
    {
        (await installed.Editor.Correct(await installed.Approved(), "minor")).MustRefuse("article.not-live");
        (await installed.Editor.Correct(await installed.Withdrawn(), "minor")).MustRefuse("article.not-live");
        (await installed.Editor.CorrectProtectively(await installed.Withdrawn(), 5, Draft.Full())).MustRefuse("article.not-live");
    }

    [Fact]
    public async Task A_bad_class_is_told_those_that_there_are()
    {
        var refused = (await installed.Editor.Correct(await installed.Live(), "canary")).MustRefuse("request.malformed", "class");
        Assert.Equal(["minor", "fact", "clarity", "update"], refused["accepted"].EnumerateArray().Select(a => a.GetString()!));
    }

    [Fact]
    public async Task A_protective_correction_leaves_no_word_of_what_stood_there_and_is_reviewed_afterwards()
    {
        var (word, id, bob) = ($"zq{Guid.NewGuid():N}", Guid.Empty, installed.Somebody("editor"));
        id = await installed.Succeeded(Draft.Full(word), Draft.Full($"{word} again"));
        var first = await installed.Release(id);
        var version = await installed.Events(id);
        var safe = Draft.Full();
        (await bob.Do(id, "protective-correction", safe)).MustRefuse("precondition.required", "If-Match");
        (await bob.CorrectProtectively(id, version - 1, safe)).MustRefuse("precondition.stale", "If-Match");
        var done = (await bob.CorrectProtectively(id, version, safe)).Must(200);
        Assert.Equal(("live", "in-review", "awaiting-review", JsonValueKind.Null), (done["release"].GetString(), done["work"].GetString(), done["state"].GetString(), done["modified"].ValueKind));
        Assert.Empty(await installed.Platform.TablesWith("authoring", word));

        var told = await Wait.Until(() => installed.Release(id), r => r.Kind is ReleaseKind.Protective, "the safe text on the wire");
        Assert.Equal(((string?)safe["headline"], null, null), (told.Text.Headline, told.Modified, told.MailAt));
        var erased = await Wait.Until(() => Task.FromResult(installed.Erased.Where(e => e.ArticleId == id).ToArray()), e => e.Length == 2, "both earlier texts erased");
        Assert.Contains(first.TextHash, erased.Select(e => e.TextHash));
        Assert.DoesNotContain(told.TextHash, erased.Select(e => e.TextHash));
        (await installed.Writer.Revise(id, done.Version, Draft.Full(word).With("slug", word))).Must(200);

        // Reviewed by another, who may be the safety officer.
        var version2 = (await installed.Writer.Revise(id, await installed.Events(id), safe)).Must(200).Version;
        Assert.Equal("awaiting-review", (await installed.Editor.Read(id))["state"].GetString());
        (await installed.Writer.Submit(id)).Must(200);
        (await bob.Approve(id)).MustRefuse("article.own-work");
        var reviewed = (await installed.Safety.Approve(id)).Must(200);
        Assert.Equal((version2 + 2, JsonValueKind.Null), (reviewed.Version, reviewed["state"].ValueKind));
        // Elsewhere the safety officer approves nothing.
        (await installed.Safety.Approve(await installed.InReview())).MustRefuse("auth.forbidden");
    }

    [Fact]
    public async Task Of_twenty_protective_corrections_of_one_version_one_is_live()
    {
        var (id, bob) = (await installed.Live(), installed.Somebody("editor"));
        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => bob.CorrectProtectively(id, 4, Draft.Full())));
        Assert.Single(replies, r => r.Status == 200);
        Assert.All(replies.Where(r => r.Status != 200), r => r.MustRefuse("precondition.stale", "If-Match"));
        Assert.Equal(7, await installed.Events(id));
    }

    [Fact]
    public async Task Notes_and_reasons_can_be_erased_and_readers_then_see_none()
    {
        var word = $"zq{Guid.NewGuid():N}";
        var id = await installed.Succeeded();
        (await installed.Editor.Correct(id, "clarity", word)).Must(200);
        (await installed.Editor.Withdraw(id, $"{word} reason", "de")).Must(200);
        (await installed.Writer.Do(id, "erasure", new() { ["notes"] = true })).MustRefuse("auth.forbidden");
        var erased = (await installed.Safety.EraseNotes(id)).Must(200);
        Assert.Empty(await installed.Platform.TablesWith("authoring", word));
        Assert.Empty(erased["corrections"].EnumerateArray());
        Assert.Equal(JsonValueKind.Object, erased["text"].ValueKind);
        var told = await Told(id, erased.Version);
        Assert.Empty(told.Corrections);
        Assert.Equal(["au"], told.Editions);
        // Once more is nothing.
        Assert.Equal(erased.Version, (await installed.Safety.EraseNotes(id)).Must(200).Version);
        // Of what is gone for ever, too.
        var gone = await installed.Live();
        (await installed.Somebody("duty").TakeDown(gone, word)).Must(200);
        (await installed.Safety.EraseNotes(gone)).Must(200);
        Assert.Empty(await installed.Platform.TablesWith("authoring", word));
    }
}
