using static Vigil.Gateway.Tests.SignInDoor;

namespace Vigil.Gateway.Tests;

/// <summary>What a session opens, and how one comes to it.</summary>
public sealed class SessionTests(SignInDoor.Shared shared) : IClassFixture<SignInDoor.Shared>
{
    SignInDoor Own => shared.Door;
    Door Door => Own.Door;
    Platform Platform => Own.Platform;

    [Fact]
    public async Task A_page_leads_to_the_sign_in_and_back_and_no_token_to_the_browser()
    {
        var (visitor, word) = (Own.Stranger(), Word());
        Assert.StartsWith("/newsroom/session/sign-in?return=%2Fnewsroom%2Farticles", (await visitor.Open($"/newsroom/articles?state=draft&{word}")).Must(302).Headers["Location"], StringComparison.Ordinal);
        (await visitor.SignIn("writer", Platform.DemonstrationPassword, $"/newsroom/articles?state=draft&{word}")).Must(200);
        Assert.Equal($"/newsroom/articles?state=draft&{word}", visitor.At.PathAndQuery);

        var arrival = Door.Origin.With(word)!;
        Assert.StartsWith("Bearer eyJ", arrival.Headers["Authorization"], StringComparison.Ordinal);
        Assert.DoesNotContain("__Host-", arrival.Headers.GetValueOrDefault("Cookie") ?? "", StringComparison.Ordinal);
        var id = visitor.Cookies[Cookie];
        Assert.Equal(43, id.Length);
        var token = arrival.Headers["Authorization"]["Bearer ".Length..];
        Assert.DoesNotContain(visitor.Cookies, c => c.Value.StartsWith("eyJ", StringComparison.Ordinal) || c.Value.Contains(token, StringComparison.Ordinal) || c.Key.StartsWith("__Host-sign-in", StringComparison.Ordinal));

        var answer = (await visitor.Open("/newsroom/session")).Must(200);
        Assert.Equal("writer", answer["name"].GetString());
        Assert.Equal("writer", answer["roles"][0].GetString());
        Assert.True(answer["until"].GetDateTimeOffset() > DateTimeOffset.UtcNow);
        Assert.Equal(3, answer.Body.EnumerateObject().Count());
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
        // What is kept of it is the hash of the id, and a seal that only the id opens.
        Assert.Empty(await Platform.TablesWith("identity", id));
        Assert.Equal(0, (await Platform.Query<long>("select count(*) from identity.\"Sessions\" where position($1 in \"Sealed\") > 0", System.Text.Encoding.ASCII.GetBytes(token[^60..])))[0]);
    }

    [Fact]
    public async Task The_cookie_is_for_this_host_over_a_secure_way_alone_and_unseen_by_script()
    {
        var visitor = Own.Stranger();
        var page = await visitor.Follow("/newsroom");
        var back = (await visitor.Press(page, "/identity/sign-in", ("userName", "duty"), ("password", Platform.DemonstrationPassword))).Must(302);
        var callback = (await visitor.Open((await visitor.Open(back.Headers["Location"])).Must(302).Headers["Location"])).Must(200);
        foreach (var part in new[] { $"{Cookie}=", "path=/", "secure", "httponly", "samesite=strict" }) Assert.Contains(part, callback.Headers["Set-Cookie"], StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("domain=", callback.Headers["Set-Cookie"], StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Without_a_session_a_program_is_told_and_typed_words_are_not_lost()
    {
        var (visitor, word) = (Own.Stranger(), Word());
        (await visitor.Open($"{Articles}?{word}")).MustBe(401, "auth.required");
        (await visitor.Open($"/newsroom/live?{word}", ("Sec-Fetch-Mode", "cors"), ("Sec-Fetch-Site", "same-origin"))).MustBe(401, "auth.required");
        (await visitor.Open("/newsroom/session")).MustBe(401, "auth.required");
        var page = (await visitor.Send(HttpMethod.Post, $"/newsroom/articles?{word}", new StringContent("headline=Long"))).Must(401);
        Assert.Contains("reload this page", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Set-Cookie", page.Headers.Keys);
        Assert.Null(Door.Origin.With(word));
        foreach (var made in new[] { "", "x", new string('A', 43), new string('A', 4000), "%00" })
        {
            visitor.Cookies[Cookie] = made;
            (await visitor.Open(Articles)).MustBe(401, "auth.required");
        }
        // A link from another site comes without the cookie: it is followed once more from here, where there may be one.
        Assert.Contains($"url=/newsroom?{word}", (await Own.Stranger().Open($"/newsroom?{word}", ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"))).Must(200).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_comes_back_to_anything_but_a_page_of_the_newsroom()
    {
        var visitor = Own.Stranger();
        string Leading(string elsewhere) => $"/newsroom/session/sign-in?return={Uri.EscapeDataString(elsewhere)}";
        (await visitor.SignIn("duty", Platform.DemonstrationPassword, Leading("//evil.example/newsroom"))).Must(200);
        Assert.Equal($"{Own.Here}/newsroom", visitor.At.AbsoluteUri);
        foreach (var elsewhere in new[]
        {
            "https://evil.example/", "//evil.example/newsroom", "/\\evil.example/newsroom", "/newsroom/../../evil", "/newsroom@evil.example/", "javascript:alert(1)", "/identity/sign-out",
            "/newsroom/session/sign-out", "/newsroomx", "newsroom", "~/newsroom", "/\t/evil.example", "",
        })
            Assert.Equal("/newsroom", (await visitor.Open(Leading(elsewhere))).Must(302).Headers["Location"]);
        Assert.Equal("/newsroom/articles/1?a=b", (await visitor.Open(Leading("/newsroom/articles/1?a=b"))).Must(302).Headers["Location"]);
    }

    public static TheoryData<string, string, string[], string?> Requests
    {
        get
        {
            const string own = "same-origin", mark = "1";
            return new()
            {
                // What each attack sends: a form or script of another site, of another host or port of the same site, of a page without
                // an origin (a sandbox); a form that needs no script to be sent; a browser too old to say; and what our own pages send.
                { "POST", Articles, ["cross-site", "https://evil.example", mark], "request.cross-origin" },
                { "POST", Articles, ["same-site", "http://127.0.0.1:1", mark], "request.cross-origin" },
                { "POST", Articles, [own, "http://127.0.0.1", mark], "request.cross-origin" },
                { "POST", Articles, [own, "https://HERE", mark], "request.cross-origin" },
                { "POST", Articles, [own, "null", mark], "request.cross-origin" },
                { "POST", Articles, [own, "", mark], "request.cross-origin" },
                { "POST", Articles, ["", "http://HERE", mark], "request.cross-origin" },
                { "POST", Articles, ["none", "http://HERE", mark], "request.cross-origin" },
                { "POST", Articles, [own, "http://HERE", ""], "request.unmarked" },
                { "PUT", Articles, [own, "http://HERE", "0"], "request.unmarked" },
                { "DELETE", "/identity/accounts/x/access", [own, "http://HERE", ""], "request.unmarked" },
                { "PATCH", "/api/publishing/v1/editions/au", [own, "http://HERE", ""], "request.unmarked" },
                { "POST", "/newsroom/articles", ["cross-site", "https://evil.example", ""], "request.cross-origin" },
                { "POST", "/newsroom/articles", [own, "null", ""], "request.cross-origin" },
                { "POST", "/newsroom/articles", ["", "", ""], "request.cross-origin" },
                { "POST", "/newsroom/session/sign-out", ["cross-site", "https://evil.example", ""], "request.cross-origin" },
                { "POST", "/newsroom/session/sign-out-everywhere", ["same-site", "http://localhost:1", ""], "request.cross-origin" },
                { "POST", "/newsroom/articles", [own, "http://HERE", ""], null },
                { "POST", Articles, [own, "http://HERE", mark], null },
                { "GET", "/newsroom/articles", ["cross-site", "", ""], null },
            };
        }
    }

    [Theory, MemberData(nameof(Requests))]
    public async Task A_session_authorises_only_what_our_own_pages_send(string method, string path, string[] says, string? code)
    {
        var (visitor, word) = (Own.Writer, Word());
        (string, string)[] headers = [.. new[] { ("Sec-Fetch-Site", says[0]), ("Origin", says[1].Replace("HERE", Own.Here[7..], StringComparison.Ordinal)), ("X-CSRF", says[2]), ("Sec-Fetch-Mode", "navigate") }.Where(h => h.Item2.Length > 0)];
        var answer = await visitor.Send(new(method), $"{path}?{word}", null, headers);
        if (code is null) answer.Must(200);
        else answer.MustBe(403, code);
        Assert.Equal(code is null, Door.Origin.With(word) is not null);
        (await visitor.Open("/newsroom")).Must(200);
    }

    [Fact]
    public async Task Who_brings_a_token_has_no_use_of_a_cookie()
    {
        var (visitor, word) = (Own.Writer, Word());
        (await visitor.Send(HttpMethod.Post, $"{Articles}?{word}", null, ("Authorization", "Bearer theirs"))).Must(200);
        Assert.Equal("Bearer theirs", Door.Origin.With(word)!.Headers["Authorization"]);
        Assert.False(Door.Origin.With(word)!.Headers.ContainsKey("Cookie") && Door.Origin.With(word)!.Headers["Cookie"].Contains("__Host-", StringComparison.Ordinal));
        var other = Word();
        (await visitor.Open($"/news?{other}")).Must(200);
        Assert.False(Door.Origin.With(other)!.Headers.ContainsKey("Authorization"));
    }

    [Fact]
    public async Task A_new_sign_in_gives_a_new_id_and_the_old_one_is_none_any_more()
    {
        var visitor = await Platform.Visit("duty");
        var before = Own.Elsewhere(visitor);
        var id = visitor.Cookies[Cookie];
        (await visitor.SignIn("duty", Platform.DemonstrationPassword, "/newsroom/session/sign-in?fresh=0")).Must(200);
        Assert.NotEqual(id, visitor.Cookies[Cookie]);
        (await before.Open(Articles)).MustBe(401, "auth.required");
        (await visitor.Open("/newsroom")).Must(200);
    }

    [Fact]
    public async Task A_page_that_needs_a_newer_sign_in_gets_it_and_a_program_is_told()
    {
        var visitor = await Platform.Visit("safety");
        Assert.Equal("/newsroom/session/sign-in?return=%2Fnewsroom%2Ferasures%3Fa%3D1&fresh=300", (await visitor.Open("/newsroom/erasures?a=1")).Must(303).Headers["Location"]);
        // A form's page, where the words still stand.
        var form = await visitor.Send(HttpMethod.Post, "/newsroom/erasures/1", null, ("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Mode", "navigate"), ("Origin", Own.Here), ("Referer", $"{Own.Here}/newsroom/articles/1"));
        Assert.Equal("/newsroom/session/sign-in?return=%2Fnewsroom%2Farticles%2F1&fresh=300", form.Must(303).Headers["Location"]);
        Assert.Contains("max_age=300", (await visitor.Open("/api/newsroom/v1/erasures")).Must(401).Headers["WWW-Authenticate"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_way_back_that_this_browser_did_not_begin_signs_nobody_in()
    {
        var (victim, attacker) = (Own.Stranger(), Own.Stranger());
        var page = await attacker.Follow("/newsroom");
        var signedIn = await attacker.Press(page, "/identity/sign-in", ("userName", "duty"), ("password", Platform.DemonstrationPassword));
        var callback = (await attacker.Open(signedIn.Headers["Location"])).Must(302).Headers["Location"];
        // The attacker's code in the victim's browser, a state that was changed, and one that was used.
        Assert.Contains("did not come through", (await victim.Open(callback)).Must(400).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Cookie, victim.Cookies.Keys);
        (await attacker.Open(callback.Replace("state=", "state=A", StringComparison.Ordinal))).Must(400);
        (await attacker.Open(callback)).Must(200);
        (await attacker.Open(callback)).Must(400);
        (await attacker.Open("/newsroom/session/callback")).Must(400);
        (await attacker.Open("/newsroom/session/callback?error=access_denied")).Must(400);
        foreach (var path in new[] { callback, "/newsroom/session/callback?code=x", "/newsroom/session", "/newsroom/session/sign-in" })
            (await Door.Get(new Uri(new(Own.Here), path).PathAndQuery, "au.localhost")).MustBe(404, "request.not-found");
    }
}
