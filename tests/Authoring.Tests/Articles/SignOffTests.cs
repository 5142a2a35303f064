using Vigil.Contracts.Authoring;
using Vigil.Kit;

namespace Vigil.Authoring.Tests.Articles;

public sealed class SignOffTests(Installed installed)
{
    [Fact]
    public async Task Nobody_signs_off_their_own_text()
    {
        var id = (await installed.Editor.Draft(Draft.Full())).Must(201).Id;
        (await installed.Editor.Submit(id)).Must(200);
        (await installed.Editor.Approve(id)).MustRefuse("article.own-work");
        (await installed.Editor2.Approve(id)).Must(200);
    }

    [Fact]
    public async Task An_editor_who_mended_a_text_leaves_its_sign_off_to_another()
    {
        var id = await installed.InReview();
        (await installed.Editor.Revise(id, 2, Draft.Full())).Must(200);
        (await installed.Editor.Submit(id)).Must(200);
        (await installed.Editor.Approve(id)).MustRefuse("article.own-work");
        (await installed.Editor2.Approve(id)).Must(200);
    }

    [Fact]
    public async Task A_change_after_the_sign_off_voids_it_and_what_is_live_stays()
    {
        var id = await installed.Live();
        var live = await installed.Release(id);
        (await installed.Writer.Revise(id, 4, Draft.Full())).Must(200);
        Assert.Equal("drafting", (await installed.Editor.Read(id))["work"].GetString());
        (await installed.Editor.Publish(id)).MustRefuse("article.live");
        Assert.Equal(live, await installed.Release(id));
    }

    [Fact]
    public async Task A_withdrawn_story_comes_back_by_two_people()
    {
        var id = await installed.Withdrawn();
        var asked = (await installed.Editor.Publish(id)).Must(202);
        Assert.Equal(("awaiting-second", "withdrawn", 6), (asked["state"].GetString(), asked["release"].GetString(), asked.Version));
        Assert.Equal(6, (await installed.Editor.Publish(id)).Must(202).Version);
        Assert.Equal("awaiting-second", (await installed.Writer.Read(id))["state"].GetString());
        var back = (await installed.Platform.As(Account.Publisher).Publish(id)).Must(200);
        Assert.Equal(("live", 7), (back["release"].GetString(), back.Version));
        Assert.Equal(back["firstPublished"].GetDateTimeOffset(), (await installed.Editor.Read(id, "?version=4"))["firstPublished"].GetDateTimeOffset());
        var told = await Wait.Until(() => installed.Release(id), r => r.Version == 7, "the second release");
        Assert.Equal(ReleaseKind.Update, told.Kind);
    }

    [Fact]
    public async Task Twenty_who_ask_at_once_are_two_people_all_the_same()
    {
        var id = await installed.Withdrawn();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ => (await installed.Editor.Publish(id)).Must(202)));
        Assert.Equal(6, await installed.Events(id));
    }

    [Fact]
    public async Task Another_text_needs_to_be_asked_for_again()
    {
        var id = await installed.Withdrawn();
        (await installed.Editor.Publish(id)).Must(202);
        (await installed.Writer.Revise(id, 6, Draft.Full())).Must(200);
        (await installed.Writer.Submit(id)).Must(200);
        (await installed.Editor.Approve(id)).Must(200);
        (await installed.Editor2.Publish(id)).Must(202);
        (await installed.Editor.Publish(id)).Must(200);
    }
}
