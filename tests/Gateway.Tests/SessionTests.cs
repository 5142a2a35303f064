using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Vigil.Gateway.Tests;

/// <summary>People sign in with a browser: at the real provider, on two gateways; all other services are one that keeps what reaches it.</summary>
public sealed class SessionTests(SessionTests.Own own) : IClassFixture<SessionTests.Own>
{
    const string Cookie = "__Host-session";
    const string Articles = "/api/newsroom/v1/articles";

    public sealed class Own : IAsyncLifetime
    {
        Door? _door;
        Instance? _second;

        Visitor? _writer;

        public Door Door => _door!;
        public Instance Second => _second!;
        /// <summary>Whoever is not signed out by a test.</summary>
        public Visitor Writer => _writer!;

        public async ValueTask InitializeAsync()
        {
            // Tokens end while the tests run, so all of it happens under renewal.
            _door = await Door.Open(Services.Gateway | Services.Identity, ("Identity__TokenLifetime", "00:00:08"), ("Gateway__Limits__signIn__Attempts", "1000"));
            _second = await _door.Platform.Add(Services.Gateway);
            _writer = await _door.Platform.Visit("writer");
        }

        public ValueTask DisposeAsync() => _door?.DisposeAsync() ?? default;
    }

    Door Door => own.Door;
    Platform Platform => Door.Platform;
    string Here => $"http://127.0.0.1:{Door.Gateway.Port}";

    static string Word() => $"w{Guid.NewGuid():n}";

    Visitor Stranger() => new(Platform, Door.Gateway.Url);

    /// <summary>The same browser on the other gateway, which browsers take for the same place.</summary>
    Visitor Elsewhere(Visitor visitor)
    {
        var other = new Visitor(Platform, own.Second.Url);
        foreach (var (name, value) in visitor.Cookies) other.Cookies[name] = value;
        return other;
    }

    [Fact]
    public async Task A_page_leads_to_the_sign_in_and_back_and_no_token_to_the_browser()
    {
        var (visitor, word) = (Stranger(), Word());
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
        var visitor = Stranger();
        var page = await visitor.Follow("/newsroom");
        var back = (await visitor.Press(page, "/identity/sign-in", ("userName", "duty"), ("password", Platform.DemonstrationPassword))).Must(302);
        var callback = (await visitor.Open((await visitor.Open(back.Headers["Location"])).Must(302).Headers["Location"])).Must(200);
        foreach (var part in new[] { $"{Cookie}=", "path=/", "secure", "httponly", "samesite=strict" }) Assert.Contains(part, callback.Headers["Set-Cookie"], StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("domain=", callback.Headers["Set-Cookie"], StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Without_a_session_a_program_is_told_and_typed_words_are_not_lost()
    {
        var (visitor, word) = (Stranger(), Word());
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
        Assert.Contains($"url=/newsroom?{word}", (await Stranger().Open($"/newsroom?{word}", ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"))).Must(200).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_comes_back_to_anything_but_a_page_of_the_newsroom()
    {
        var visitor = Stranger();
        string Leading(string elsewhere) => $"/newsroom/session/sign-in?return={Uri.EscapeDataString(elsewhere)}";
        (await visitor.SignIn("duty", Platform.DemonstrationPassword, Leading("//evil.example/newsroom"))).Must(200);
        Assert.Equal($"{Here}/newsroom", visitor.At.AbsoluteUri);
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
        var (visitor, word) = (own.Writer, Word());
        (string, string)[] headers = [.. new[] { ("Sec-Fetch-Site", says[0]), ("Origin", says[1].Replace("HERE", Here[7..], StringComparison.Ordinal)), ("X-CSRF", says[2]), ("Sec-Fetch-Mode", "navigate") }.Where(h => h.Item2.Length > 0)];
        var answer = await visitor.Send(new(method), $"{path}?{word}", null, headers);
        if (code is null) answer.Must(200);
        else answer.MustBe(403, code);
        Assert.Equal(code is null, Door.Origin.With(word) is not null);
        (await visitor.Open("/newsroom")).Must(200);
    }

    [Fact]
    public async Task Who_brings_a_token_has_no_use_of_a_cookie()
    {
        var (visitor, word) = (own.Writer, Word());
        (await visitor.Send(HttpMethod.Post, $"{Articles}?{word}", null, ("Authorization", "Bearer theirs"))).Must(200);
        Assert.Equal("Bearer theirs", Door.Origin.With(word)!.Headers["Authorization"]);
        Assert.False(Door.Origin.With(word)!.Headers.ContainsKey("Cookie") && Door.Origin.With(word)!.Headers["Cookie"].Contains("__Host-", StringComparison.Ordinal));
        var other = Word();
        (await visitor.Open($"/news?{other}")).Must(200);
        Assert.False(Door.Origin.With(other)!.Headers.ContainsKey("Authorization"));
    }

    [Fact]
    public async Task Fifty_requests_at_expiry_on_two_gateways_renew_once()
    {
        var visitor = await Platform.Visit("publisher");
        var other = Elsewhere(visitor);
        (await other.Open("/newsroom")).Must(200);
        var account = (await Platform.Query<string>("select \"Id\"::text from identity.\"Accounts\" where \"UserName\" = 'publisher'"))[0];
        async Task<long> Given() => (await Platform.Query<long>("select count(*) from identity.\"OpenIddictTokens\" where \"Type\" like '%refresh_token' and \"Subject\" = $1", account))[0];
        for (var round = 0; round < 2; round++)
        {
            var before = await Given();
            // A token is good for eight seconds after it came, and it came before the last answer did.
            var ended = DateTime.UtcNow.AddSeconds(8.2);
            await Wait.Until(() => Task.FromResult(DateTime.UtcNow), now => now > ended, "the end of the token");
            var words = Enumerable.Range(0, 50).Select(_ => Word()).ToArray();
            var answers = await Task.WhenAll(words.Select((w, i) => (i % 2 == 0 ? visitor : other).Open($"/newsroom?{w}")));
            Assert.All(answers, a => a.Must(200));
            Assert.Single(words.Select(w => Door.Origin.With(w)!.Headers["Authorization"]).Distinct());
            Assert.Equal(before + 1, await Given());
        }
    }

    [Fact]
    public async Task While_the_store_is_away_nobody_is_signed_out()
    {
        var visitor = await Platform.Visit("safety");
        await Platform[Services.Identity].Stop();
        try
        {
            // What is known goes on for its time.
            (await visitor.Open("/newsroom")).Must(200);
            var away = await Wait.Until(() => visitor.Open("/newsroom"), a => a.Status != 200, "the session unknown");
            away.MustBe(503, "server.unavailable");
            Assert.Equal("3", away.Headers["Retry-After"]);
            Assert.DoesNotContain("Set-Cookie", away.Headers.Keys);
            (await Stranger().Open(Articles)).MustBe(401, "auth.required");
        }
        finally { await Platform[Services.Identity].Start(); }
        await Wait.Until(() => visitor.Open("/newsroom"), a => a.Status == 200, "the session back");
        // The gateway finds out by itself that the provider answers again, and who signs in next needs it.
        await Wait.Until(() => Stranger().Follow("/newsroom"), a => a.Status == 200, "the provider back");
    }

    [Fact]
    public async Task A_sign_out_ends_this_session_at_the_provider_too_and_everywhere_ends_all()
    {
        var (one, two, three) = (await Platform.Visit("editor2"), await Platform.Visit("editor2"), await Platform.Visit("editor2"));
        var stolen = Elsewhere(one);
        var left = (await one.Press(await one.Open("/newsroom/session/sign-out"), "/newsroom/session/sign-out")).Must(303);
        Assert.Contains("\"cookies\"", left.Headers["Clear-Site-Data"], StringComparison.Ordinal);
        Assert.StartsWith($"{Here}/connect/end-session?", left.Headers["Location"], StringComparison.Ordinal);
        Assert.DoesNotContain("id_token_hint", left.Headers["Location"], StringComparison.Ordinal);
        Assert.Contains("You are signed out", (await one.Follow(left)).Must(200).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Cookie, one.Cookies.Keys);
        // The provider's own session is over as well: it asks for the password again.
        Assert.Contains("name=\"password\"", (await one.Follow("/newsroom")).Must(200).Text, StringComparison.Ordinal);
        await Wait.Until(() => stolen.Open(Articles), a => a.Status == 401, "the session over on the other gateway");
        (await two.Open("/newsroom")).Must(200);

        var far = Elsewhere(three);
        (await far.Open("/newsroom")).Must(200);
        (await two.Press(await two.Open("/newsroom/session/sign-out"), "/newsroom/session/sign-out-everywhere")).Must(303);
        await Wait.Until(() => far.Open(Articles), a => a.Status == 401, "all sessions over", TimeSpan.FromSeconds(60));
        Assert.Contains("name=\"password\"", (await three.Follow("/newsroom")).Must(200).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("roles")]
    [InlineData("disabled")]
    [InlineData("ended")]
    [InlineData("invited")]
    public async Task A_change_of_the_account_ends_its_sessions_within_a_minute(string change)
    {
        var admin = Platform.As(await Platform.SignIn("admin"));
        var person = await Staff.Join(Platform, admin, "writer");
        var visitor = await Platform.Visit(person.Name, Staff.Password);
        var other = Elsewhere(visitor);
        (await other.Open("/newsroom")).Must(200);
        (await (change switch
        {
            "roles" => admin.Send(HttpMethod.Put, $"/identity/accounts/{person.Id}/roles", new JsonObject { ["roles"] = new JsonArray("editor") }),
            "disabled" => admin.Send(HttpMethod.Delete, $"/identity/accounts/{person.Id}/access"),
            "ended" => admin.Send(HttpMethod.Delete, $"/identity/accounts/{person.Id}/sessions"),
            _ => admin.Send(HttpMethod.Post, $"/identity/accounts/{person.Id}/invitation"),
        })).Must(200);
        foreach (var browser in new[] { visitor, other }) await Wait.Until(() => browser.Open(Articles), a => a.Status == 401, "the session over", TimeSpan.FromSeconds(60));
        Assert.Contains("name=\"password\"", (await visitor.Follow("/newsroom")).Must(200).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"Seen\"", "interval '16 minutes'")]
    [InlineData("\"Ends\"", "interval '8 hours 1 second'")]
    public async Task A_session_ends_unused_after_a_while_and_after_a_day_s_work(string what, string passed)
    {
        var visitor = await Platform.Visit("duty");
        var key = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Buffers.Text.Base64Url.DecodeFromChars(visitor.Cookies[Cookie])));
        Assert.Single(await Platform.Query<bool>($"update identity.\"Sessions\" set {what} = {what} - {passed} where \"Id\" = decode($1, 'hex') returning true", key));
        await Wait.Until(() => visitor.Open(Articles), a => a.Status == 401, "the session over", TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task A_new_sign_in_gives_a_new_id_and_the_old_one_is_none_any_more()
    {
        var visitor = await Platform.Visit("duty");
        var before = Elsewhere(visitor);
        var id = visitor.Cookies[Cookie];
        (await visitor.SignIn("duty", Platform.DemonstrationPassword, "/newsroom/session/sign-in?fresh=0")).Must(200);
        Assert.NotEqual(id, visitor.Cookies[Cookie]);
        (await before.Open(Articles)).MustBe(401, "auth.required");
        (await visitor.Open("/newsroom")).Must(200);
    }

    [Fact]
    public async Task One_that_cannot_begin_leaves_the_one_that_it_would_replace()
    {
        var visitor = await Platform.Visit("duty");
        var before = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Buffers.Text.Base64Url.DecodeFromChars(visitor.Cookies[Cookie])));
        // A second one under the id of a first is what the store cannot keep.
        var taken = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));
        Assert.Equal(204, await Keep(null));
        Assert.InRange(await Keep(before), 400, 599);
        Assert.Single(await Platform.Query<int>("select 1 from identity.\"Sessions\" where \"Id\" = decode($1, 'hex')", before));

        async Task<int> Keep(string? replaces)
        {
            var request = new HttpRequestMessage(HttpMethod.Put, new Uri(Platform[Services.Identity].Url, $"/inner/sessions/{taken}"))
            {
                Content = new StringContent(new JsonObject { ["subject"] = "somebody", ["mark"] = null, ["sealed"] = "AAAA", ["replaces"] = replaces }.ToJsonString(), System.Text.Encoding.UTF8, "application/json"),
            };
            request.Headers.Authorization = new("Bearer", Platform.Secret);
            return (await Platform.Send(request)).Status;
        }
    }

    [Fact]
    public async Task A_page_that_needs_a_newer_sign_in_gets_it_and_a_program_is_told()
    {
        var visitor = await Platform.Visit("safety");
        Door.Origin.Answers = http =>
        {
            http.Response.StatusCode = 401;
            http.Response.Headers.WWWAuthenticate = "Bearer error=\"insufficient_user_authentication\", max_age=300";
            return Task.CompletedTask;
        };
        try
        {
            Assert.Equal("/newsroom/session/sign-in?return=%2Fnewsroom%2Ferasures%3Fa%3D1&fresh=300", (await visitor.Open("/newsroom/erasures?a=1")).Must(303).Headers["Location"]);
            // A form's page, where the words still stand.
            var form = await visitor.Send(HttpMethod.Post, "/newsroom/erasures/1", null, ("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Mode", "navigate"), ("Origin", Here), ("Referer", $"{Here}/newsroom/articles/1"));
            Assert.Equal("/newsroom/session/sign-in?return=%2Fnewsroom%2Farticles%2F1&fresh=300", form.Must(303).Headers["Location"]);
            Assert.Contains("max_age=300", (await visitor.Open(Articles)).Must(401).Headers["WWW-Authenticate"], StringComparison.Ordinal);
        }
        finally { Door.Origin.Answers = null; }
    }

    [Fact]
    public async Task A_way_back_that_this_browser_did_not_begin_signs_nobody_in()
    {
        var (victim, attacker) = (Stranger(), Stranger());
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
            (await Door.Get(new Uri(new(Here), path).PathAndQuery, "au.localhost")).MustBe(404, "request.not-found");
    }

    [Fact]
    public async Task Where_sessions_are_kept_is_no_address_of_the_gateway_s_and_opens_to_nobody_without_the_secret()
    {
        var id = new string('0', 64);
        (await Door.Get($"/inner/sessions/{id}")).Must(404);
        foreach (var secret in new[] { null, "Bearer ", "Bearer of-a-test" })
        {
            var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Platform[Services.Identity].Url, $"/inner/sessions/{id}"));
            if (secret is not null) request.Headers.TryAddWithoutValidation("Authorization", secret);
            (await Platform.Send(request)).MustBe(401, "auth.required");
        }
    }
}
