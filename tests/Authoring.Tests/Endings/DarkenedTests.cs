using Microsoft.IdentityModel.Tokens;
using Vigil.Hosting;
using Vigil.Kit;

namespace Vigil.Authoring.Tests.Endings;

/// <summary>A story that was made dark at a gateway, as the gateway has it withdrawn on somebody's behalf.</summary>
public sealed class DarkenedTests(Installed installed)
{
    async Task<Reply> Withdraw(Guid id, Account account)
    {
        var inner = new Inner(new SymmetricSecurityKey(Convert.FromBase64String(installed.Platform.InnerSecret)), TimeProvider.System);
        using var request = inner.Request(HttpMethod.Post, installed.Platform[Services.Authoring].Url, $"/articles/{id}/withdrawal", account.Subject);
        return await installed.Platform.Send(request);
    }

    [Fact]
    public async Task Whoever_made_a_protected_story_dark_sees_none_of_its_drafts()
    {
        var account = Account.Person($"with an address {Guid.NewGuid()}", "editor");
        var (other, id) = (installed.Platform.As(account), await installed.Succeeded());
        (await installed.Writer.Protect(id)).Must(200);
        (await other.Read(id)).MustRefuse("article.unknown");
        (await Withdraw(id, account)).Must(200);
        Assert.Equal("withdrawn", (await installed.Writer.Read(id)).Must(200)["release"].GetString());
        (await other.Read(id)).MustRefuse("article.unknown");
        (await other.Revisions(id)).MustRefuse("article.unknown");
        (await other.Assign(id, account)).MustRefuse("article.unknown");
        Assert.DoesNotContain($"{id}", (await other.List("?limit=100")).Must(200).Text, StringComparison.Ordinal);
    }

    /// <summary>By the number of its ending the gateway knows when it may lift the order.</summary>
    [Theory, InlineData("retracted"), InlineData("taken-down"), InlineData("withdrawn")]
    public async Task What_has_ended_already_is_answered_with_its_ending(string how)
    {
        var id = how is "taken-down" ? await installed.TakenDown() : how is "withdrawn" ? await installed.Withdrawn() : await installed.Live();
        if (how is "retracted")
            foreach (var editor in new[] { installed.Editor, installed.Editor2 }) await editor.Retract(id, "We were wrong.");
        Assert.Equal(how, (await installed.Editor.Read(id)).Must(200)["release"].GetString());
        var version = await installed.Events(id);
        var ending = (await Withdraw(id, Account.Duty)).Must(200)["sequence"].GetInt64();
        Assert.Equal(version, await installed.Events(id));
        Assert.Equal([ending], await installed.Platform.Query<long>("select max(seq_id) from authoring.mt_events where stream_id = $1", id));
    }
}
