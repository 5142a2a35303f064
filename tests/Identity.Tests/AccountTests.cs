using System.Text.Json.Nodes;

namespace Vigil.Identity.Tests;

public sealed class AccountTests(Installed installed)
{
    const string Path = "/identity/accounts";

    Platform Platform => installed.Platform;

    Browser Browser() => new(Platform);

    Newsroom Admin => Platform.As(Account.Admin);

    [Fact]
    public async Task Only_administrators_at_this_moment_may()
    {
        (await Platform.As((string?)null).Send(HttpMethod.Get, Path)).MustBe(401, "auth.required");
        // Another issuer's token is none here.
        (await Platform.As(Platform.Issuer.Token(Account.Admin)).Send(HttpMethod.Get, Path)).MustBe(401, "auth.required");
        foreach (var name in new[] { "writer", "editor", "safety", "publisher", "duty" }) (await Platform.As(await Browser().Token(name)).Send(HttpMethod.Get, Path)).MustBe(403, "auth.forbidden");

        var admin = Admin;
        var other = await Staff.Join(Platform, admin, "admin");
        var theirs = Platform.As(await Browser().Token(other.Name, Staff.Password));
        (await theirs.Send(HttpMethod.Get, Path)).Must(200);
        (await admin.Send(HttpMethod.Put, $"{Path}/{other.Id}/roles", new JsonObject { ["roles"] = new JsonArray("writer") })).Must(200);
        (await theirs.Send(HttpMethod.Get, Path)).MustBe(403, "auth.forbidden");
    }

    [Theory]
    [InlineData("""{"userName":"admin","roles":["writer"]}""", 409, "account.name-taken", "userName")]
    [InlineData("""{"userName":"Ada","roles":["writer"]}""", 422, "account.bad-name", "userName")]
    [InlineData("""{"userName":"a b","roles":["writer"]}""", 422, "account.bad-name", "userName")]
    [InlineData("""{"userName":"ada\u0000","roles":["writer"]}""", 422, "account.bad-name", "userName")]
    [InlineData("""{"userName":"\u0430da","roles":["writer"]}""", 422, "account.bad-name", "userName")]
    [InlineData("""{"userName":"","roles":["writer"]}""", 422, "text.required", "userName")]
    [InlineData("""{"userName":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","roles":["writer"]}""", 422, "text.too-long", "userName")]
    [InlineData("""{"userName":"ada","roles":["king"]}""", 422, "value.not-known", "roles")]
    [InlineData("""{"userName":"ada","roles":["Writer"]}""", 422, "value.not-known", "roles")]
    [InlineData("""{"userName":"ada","roles":["writer","writer"]}""", 422, "list.repeated", "roles")]
    [InlineData("""{"userName":"ada","roles":[null]}""", 422, "value.not-known", "roles")]
    [InlineData("""{"userName":"ada"}""", 400, "request.missing-member", "roles")]
    [InlineData("""{"roles":[]}""", 400, "request.missing-member", "userName")]
    [InlineData("""{"userName":null,"roles":[]}""", 400, "request.malformed", "userName")]
    [InlineData("""{"userName":"ada","roles":[],"password":"x"}""", 400, "request.unknown-member", null)]
    [InlineData("""{"userName":"ada","roles":[]""", 400, "request.malformed", null)]
    public async Task A_bad_account_is_refused_by_name(string body, int status, string code, string? field)
    {
        var admin = Admin;
        var refusal = (await admin.Send(HttpMethod.Post, Path, new StringContent(body, null, "application/json"))).MustBe(status, code);
        if (field is not null) Assert.Equal(field, refusal["field"].GetString());
        Assert.Equal(code == "text.too-long" ? 64 : null, refusal.Most);
        Assert.DoesNotContain((await admin.Send(HttpMethod.Get, Path)).Must(200)["items"].EnumerateArray(), a => a.GetProperty("userName").GetString() == "ada");
    }

    [Fact]
    public async Task What_is_not_there_or_one_s_own_is_refused()
    {
        var admin = Admin;
        var own = (await admin.Send(HttpMethod.Get, Path)).Must(200)["items"].EnumerateArray().Single(a => a.GetProperty("userName").GetString() == "admin").GetProperty("id").GetGuid();
        var roles = new JsonObject { ["roles"] = new JsonArray("writer") };
        foreach (var (method, path) in new[] { (HttpMethod.Put, "/roles"), (HttpMethod.Delete, "/access"), (HttpMethod.Put, "/access"), (HttpMethod.Post, "/invitation"), (HttpMethod.Get, "") })
            (await admin.Send(method, $"{Path}/{Guid.NewGuid()}{path}", path == "/roles" ? roles : null)).MustBe(404, "account.unknown");
        (await admin.Send(HttpMethod.Put, $"{Path}/{own}/roles", roles)).MustBe(403, "account.own");
        (await admin.Send(HttpMethod.Delete, $"{Path}/{own}/access")).MustBe(403, "account.own");
        (await admin.Send(HttpMethod.Put, $"{Path}/{own}/roles", new JsonObject { ["roles"] = new JsonArray("king") })).MustBe(422, "value.not-known");
        (await admin.Send(HttpMethod.Get, $"{Path}/not-an-id")).MustBe(404, "request.not-found");
        foreach (var bad in new[] { "limit=0", "limit=101" }) (await admin.Send(HttpMethod.Get, $"{Path}?{bad}")).MustBe(400, "request.bad-query");
        (await admin.Send(HttpMethod.Get, $"{Path}?cursor=x")).MustBe(400, "request.bad-cursor");
    }

    [Fact]
    public async Task Two_at_once_do_not_get_one_name()
    {
        var admin = Admin;
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => admin.Send(HttpMethod.Post, Path, new JsonObject { ["userName"] = "twin", ["roles"] = new JsonArray() })));
        Assert.Single(answers, a => a.Status == 201);
        foreach (var answer in answers.Where(a => a.Status != 201)) answer.MustBe(409, "account.name-taken");
    }

    [Fact]
    public async Task The_list_pages_without_gap_or_repeat_and_holds_no_secret()
    {
        var admin = Admin;
        for (var i = 0; i < 3; i++) await Staff.Invite(admin);
        var all = (await admin.Send(HttpMethod.Get, Path)).Must(200);
        foreach (var secret in new[] { "hash", "stamp", "lockout" }) Assert.DoesNotContain(secret, all.Text, StringComparison.OrdinalIgnoreCase);
        var seen = new List<string>();
        string? next = null;
        do
        {
            var page = (await admin.Send(HttpMethod.Get, $"{Path}?limit=3{(next is null ? "" : $"&cursor={next}")}")).Must(200);
            seen.AddRange(page["items"].EnumerateArray().Select(a => a.GetProperty("userName").GetString()!));
            next = page["next"].GetString();
        }
        while (next is not null);
        Assert.Equal(seen.Distinct(), seen);
        Assert.Empty(all["items"].EnumerateArray().Select(a => a.GetProperty("userName").GetString()!).Except(seen));
    }

    [Fact]
    public async Task An_invitation_works_once_and_a_newer_one_ends_it()
    {
        var admin = Admin;
        var person = await Staff.Invite(admin);
        var browser = Browser();
        // Looking, as scanners of mail do, changes nothing.
        for (var i = 0; i < 2; i++) Assert.Contains(person.Name, (await browser.Open(person.Invitation.PathAndQuery)).Must(200).Text, StringComparison.Ordinal);
        (await person.Choose(browser, "short")).Must(422);
        foreach (var easy in new[] { new string('a', 30), "passwordpassword1", "qwertyuiopasdfgh", "vigilnewsroomvigil", $"{person.Name}{person.Name}{person.Name}" }) (await person.Choose(browser, easy)).Must(422);
        (await person.Choose(browser, new string('a', 201))).Must(422);
        (await person.Choose(browser, Staff.Password, "four or five other words")).Must(422);
        (await Browser().SignIn(person.Name, Staff.Password)).Must(422);

        var newer = person with { Invitation = new((await admin.Send(HttpMethod.Post, $"{Path}/{person.Id}/invitation")).Must(200)["link"].GetString()!) };
        (await browser.Open(person.Invitation.PathAndQuery)).Must(404);
        (await newer.Choose(browser, Staff.Password)).Must(200);
        (await browser.Open(newer.Invitation.PathAndQuery)).Must(404);
        (await Browser().SignIn(person.Name, Staff.Password)).Must(302);
    }

    /// <summary>Somebody changes the account between another's look at it and what comes of that.</summary>
    internal static async Task<T> Changed<T>(Platform platform, Guid account, Func<Task<T>> meanwhile)
    {
        await using var database = await platform.OpenDatabase();
        await using var change = await database.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var touch = new Npgsql.NpgsqlCommand("update identity.\"Accounts\" set \"ConcurrencyStamp\" = $1 where \"Id\" = $2", database, change) { Parameters = { new() { Value = $"{Guid.NewGuid()}" }, new() { Value = account } } };
        await touch.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        var answer = meanwhile();
        await Wait.Until(() => platform.Query<long>("select count(*) from pg_stat_activity where $1 = any(pg_blocking_pids(pid))", database.ProcessID), n => n[0] > 0, "the other one waits");
        await change.CommitAsync(TestContext.Current.CancellationToken);
        return await answer;
    }

    [Fact]
    public async Task What_a_new_stamp_was_to_end_ends_also_while_others_change_the_account()
    {
        var admin = Admin;
        var person = await Staff.Join(Platform, admin);
        (await Changed(Platform, person.Id, () => admin.Send(HttpMethod.Post, $"{Path}/{person.Id}/invitation"))).MustBe(409, "command.contended");

        var browser = Browser();
        await browser.Token(person.Name, Staff.Password);
        var session = $"/inner/sessions/{Guid.NewGuid():N}{Guid.NewGuid():N}";
        (await Inner(HttpMethod.Put, session, new JsonObject { ["subject"] = $"{person.Id}", ["mark"] = "a-mark", ["sealed"] = "AAAA" })).Must(204);
        (await Changed(Platform, person.Id, () => Inner(HttpMethod.Delete, $"{session}/everywhere"))).Must(204);
        Assert.StartsWith("/identity/sign-in", (await browser.Open(browser.Authorize())).Must(302).Headers["Location"], StringComparison.Ordinal);
        (await Inner(HttpMethod.Get, session)).Must(404);
    }

    async Task<Reply> Inner(HttpMethod method, string path, JsonObject? body = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(Platform[Services.Identity].Url, path)) { Content = body is null ? null : new StringContent(body.ToJsonString(), null, "application/json") };
        request.Headers.Authorization = new("Bearer", Platform.Secret);
        return await Platform.Send(request);
    }

    [Fact]
    public async Task An_invitation_of_another_account_forged_or_too_old_opens_nothing()
    {
        var admin = Admin;
        var (one, other) = (await Staff.Invite(admin), await Staff.Invite(admin));
        var token = one.Invitation.Query.Split("token=")[1];
        foreach (var query in new[] { $"account={other.Id}&token={token}", $"account={one.Id}&token={token[..^4]}", $"account={one.Id}&token=AAAA", $"account={one.Id}", $"token={token}", "account=x&token=y", "" })
            (await Browser().Open($"/identity/invitation?{query}")).Must(404);
        var until = (await admin.Send(HttpMethod.Post, $"{Path}/{one.Id}/invitation")).Must(200)["until"].GetDateTimeOffset();
        Assert.InRange(until - DateTimeOffset.UtcNow, TimeSpan.FromHours(71), TimeSpan.FromHours(72));
    }

    [Fact]
    public async Task New_roles_end_the_sessions_and_the_next_token_has_them()
    {
        var admin = Admin;
        var person = await Staff.Join(Platform, admin, "writer");
        var browser = Browser();
        await browser.Token(person.Name, Staff.Password);
        (await admin.Send(HttpMethod.Put, $"{Path}/{person.Id}/roles", new JsonObject { ["roles"] = new JsonArray("duty") })).Must(200);
        Assert.StartsWith("/identity/sign-in", (await browser.Open(browser.Authorize())).Must(302).Headers["Location"], StringComparison.Ordinal);
        var token = new Microsoft.IdentityModel.JsonWebTokens.JsonWebToken(await Browser().Token(person.Name, Staff.Password));
        Assert.Equal("duty", token.GetClaim("role").Value);
    }

    [Fact]
    public async Task Who_is_disabled_is_out_at_once_and_may_be_let_in_again()
    {
        var admin = Admin;
        var person = await Staff.Join(Platform, admin);
        var (browser, waiting) = (Browser(), Browser());
        (await browser.SignIn(person.Name, Staff.Password)).Must(302);
        var code = await waiting.Code(person.Name, Staff.Password);
        (await admin.Send(HttpMethod.Delete, $"{Path}/{person.Id}/access")).Must(200);
        Assert.StartsWith("/identity/sign-in", (await browser.Open(browser.Authorize())).Must(302).Headers["Location"], StringComparison.Ordinal);
        Assert.Equal("invalid_grant", (await waiting.Exchange(code)).Must(400)["error"].GetString());
        (await Browser().SignIn(person.Name, Staff.Password)).Must(422);
        (await admin.Send(HttpMethod.Post, $"{Path}/{person.Id}/invitation")).MustBe(404, "account.unknown");
        (await admin.Send(HttpMethod.Put, $"{Path}/{person.Id}/access")).Must(200);
        (await Browser().SignIn(person.Name, Staff.Password)).Must(302);
    }
}
