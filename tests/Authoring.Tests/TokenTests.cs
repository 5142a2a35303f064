using Vigil.Authoring.Tests.Articles;
using Vigil.Kit;

namespace Vigil.Authoring.Tests;

/// <summary>Whoever is not who they say gets 401 everywhere, and what they showed stands in no log.</summary>
public sealed class TokenTests(Installed installed)
{
    public static TheoryData<Forgery> Forgeries => [.. Enum.GetValues<Forgery>().Except([Forgery.NoRole])];

    [Theory, MemberData(nameof(Forgeries))]
    public async Task A_forged_token_is_refused_everywhere(Forgery forgery)
    {
        var id = await installed.InReview();
        var token = installed.Platform.Issuer.Forge(Account.Editor, forgery);
        var forger = installed.Platform.As(token);
        foreach (var reply in new[] { await forger.Read(id), await forger.List(), await forger.Revisions(id), await forger.Draft(Draft.Full()), await forger.Revise(id, 2, Draft.Full()) })
            Assert.Equal("Bearer", reply.MustRefuse("auth.required").Headers["WWW-Authenticate"]);
        foreach (var (command, body) in RoleTests.Commands) (await forger.Do(id, command, body())).MustRefuse("auth.required");
        Assert.Equal(2, await installed.Events(id));
        MustNotBeLogged(token);
    }

    [Fact]
    public async Task A_token_without_a_role_opens_nothing()
    {
        var token = installed.Platform.Issuer.Forge(Account.Editor, Forgery.NoRole);
        (await installed.Platform.As(token).List()).MustRefuse("auth.forbidden");
        (await installed.Platform.As(token).Draft(Draft.Full())).MustRefuse("auth.forbidden");
        MustNotBeLogged(token);
    }

    [Theory, InlineData("Bearer"), InlineData("Bearer canary-token"), InlineData("Bearer a.b.c"), InlineData("Bearer ..."), InlineData("Basic Y2FuYXJ5LXRva2Vu"), InlineData("canary-token"),
     InlineData("Bearer eyJhbGciOiJub25lIn0.e30.")]
    public async Task What_is_no_token_is_refused(string authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, installed.Platform.At("/api/newsroom/v1/articles"));
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        (await installed.Platform.Send(request)).MustRefuse("auth.required");
        MustNotBeLogged("canary-token");
    }

    [Fact]
    public async Task A_token_with_another_ones_words_is_refused()
    {
        var (writer, editor) = (installed.Platform.Issuer.Token(Account.Writer).Split('.'), installed.Platform.Issuer.Token(Account.Editor).Split('.'));
        (await installed.Platform.As($"{writer[0]}.{editor[1]}.{writer[2]}").List()).MustRefuse("auth.required");
        (await installed.Platform.As($"{writer[0]}.{writer[1]}.{new string(writer[2].Reverse().ToArray())}").List()).MustRefuse("auth.required");
    }

    /// <summary>Words are erased for ever by whoever is there now, not by whoever left the desk open. A takedown is never held up.</summary>
    [Fact]
    public async Task An_old_sign_in_is_not_enough_to_erase_and_enough_to_take_down()
    {
        var id = await installed.InReview();
        // Somebody of whom no other test has taken anything down.
        var officer = Account.Person("the officer of an old sign-in", "safety");
        Kit.Newsroom Safety(TimeSpan signedIn) => installed.Platform.As(installed.Platform.Issuer.Token(officer, signedIn));
        var stale = Safety(TimeSpan.FromMinutes(6));
        var refusal = (await stale.Erase(id, 1)).MustRefuse("auth.step-up-required");
        Assert.Contains("error=\"insufficient_user_authentication\"", refusal.Headers["WWW-Authenticate"], StringComparison.Ordinal);
        Assert.Contains("max_age=\"300\"", refusal.Headers["WWW-Authenticate"], StringComparison.Ordinal);
        Assert.Equal(2, await installed.Events(id));
        (await Safety(TimeSpan.FromMinutes(4)).Erase(id, 1)).Must(200);

        var live = await installed.Live();
        (await stale.TakeDown(live)).Must(200);
    }

    void MustNotBeLogged(string token)
    {
        var parts = token.Split('.').Where(p => p.Length > 10).Append(token).ToArray();
        Assert.DoesNotContain(installed.Platform[Services.Authoring].Log, line => parts.Any(p => line.Contains(p, StringComparison.Ordinal)));
    }
}
