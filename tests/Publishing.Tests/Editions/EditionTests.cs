using System.Text.Json.Nodes;
using Vigil.Kit;

namespace Vigil.Publishing.Tests.Editions;

public sealed class EditionTests(Installed installed)
{
    const string Canary = "canary-q7x";

    static readonly Dictionary<string, (string Json, string Code, string? Field)> Bad = new()
    {
        ["name: missing"] = ("", "request.missing-member", "name"),
        ["name: null"] = ("null", "request.malformed", "name"),
        ["name: 5"] = ("5", "request.malformed", "name"),
        ["name: blank"] = ("\" \"", "text.required", "name"),
        ["name: long"] = ($"\"{new string('a', 81)}\"", "text.too-long", "name"),
        ["name: control"] = (@"""a\u0007""", "text.bad-character", "name"),
        ["name: NUL"] = (@"""a\u0000""", "text.bad-character", "name"),
        ["hosts: missing"] = ("", "request.missing-member", "hosts"),
        ["hosts: none"] = ("[]", "edition.bad-host", "hosts"),
        ["hosts: null"] = ("[null]", "edition.bad-host", "hosts"),
        ["hosts: empty"] = ("[\"\"]", "edition.bad-host", "hosts"),
        ["hosts: scheme"] = ("[\"http://a.example\"]", "edition.bad-host", "hosts"),
        ["hosts: port"] = ("[\"a.example:80\"]", "edition.bad-host", "hosts"),
        ["hosts: path"] = ("[\"a.example/x\"]", "edition.bad-host", "hosts"),
        ["hosts: upper case"] = ("[\"A.example\"]", "edition.bad-host", "hosts"),
        ["hosts: space"] = ($"[\"{Canary} x\"]", "edition.bad-host", "hosts"),
        ["hosts: twice"] = ("[\"a.example\",\"a.example\"]", "list.repeated", "hosts"),
        ["hosts: 21"] = ($"[{string.Join(',', Enumerable.Range(0, 21).Select(i => $"\"h{i}.example\""))}]", "list.too-long", "hosts"),
        ["hosts: taken"] = ("[\"de.localhost\"]", "edition.host-taken", "hosts"),
        ["language: none such"] = ($"\"{Canary}\"", "value.bad-language", "language"),
        ["language: empty"] = ("\"\"", "value.bad-language", "language"),
        ["timeZone: none such"] = ($"\"{Canary}\"", "edition.bad-zone", "timeZone"),
        ["timeZone: Windows"] = ("\"W. Europe Standard Time\"", "edition.bad-zone", "timeZone"),
        ["timeZone: path"] = ("\"../../etc/passwd\"", "edition.bad-zone", "timeZone"),
        ["theme: none such"] = ($"\"{Canary}\"", "edition.bad-theme", "theme"),
        ["sender: null"] = ("null", "request.malformed", "sender"),
        ["sender: no address"] = ($$"""{"name":"{{Canary}}","address":"{{Canary}}"}""", "edition.bad-sender", "sender.address"),
        ["sender: name in the address"] = ("""{"name":"a","address":"A <a@example.org>"}""", "edition.bad-sender", "sender.address"),
        ["sender: header in the name"] = ("""{"name":"a\r\nBcc: b@example.org","address":"a@example.org"}""", "text.bad-character", "sender.name"),
        ["sender: no name"] = ("""{"name":"","address":"a@example.org"}""", "text.required", "sender.name"),
        ["sender: long name"] = ($$"""{"name":"{{new string('a', 81)}}","address":"a@example.org"}""", "text.too-long", "sender.name"),
        ["sender: unknown member"] = ($$"""{"name":"a","address":"a@example.org","{{Canary}}":1}""", "request.unknown-member", "sender"),
        ["baseAddress: relative"] = ("\"/x\"", "value.bad-url", "baseAddress"),
        ["baseAddress: slash"] = ("\"https://a.example/\"", "value.bad-url", "baseAddress"),
        ["baseAddress: path"] = ("\"https://a.example/x\"", "value.bad-url", "baseAddress"),
        ["baseAddress: query"] = ("\"https://a.example?x\"", "value.bad-url", "baseAddress"),
        ["baseAddress: fragment"] = ("\"https://a.example#x\"", "value.bad-url", "baseAddress"),
        ["baseAddress: password"] = ("\"https://a:b@a.example\"", "value.bad-url", "baseAddress"),
        ["baseAddress: script"] = ("\"javascript:alert(1)\"", "value.bad-url", "baseAddress"),
        [$"{Canary}: unknown"] = ("1", "request.unknown-member", null),
    };

    public static TheoryData<string> Names => [.. Bad.Keys];

    [Theory, MemberData(nameof(Names))]
    public async Task A_bad_setting_is_refused_by_name_and_leaves_nothing(string name)
    {
        var (json, code, field) = Bad[name];
        var key = Installed.NewKey();
        var settings = Installed.Settings(key).With(name.Split(':')[0], json.Length == 0 ? null : "@@").ToJsonString().Replace("\"@@\"", json, StringComparison.Ordinal);
        var reply = await installed.Admin.Send(HttpMethod.Put, $"/api/publishing/v1/editions/{key}", new StringContent(settings, System.Text.Encoding.UTF8, "application/json"));
        Assert.Equal(field, reply.MustBe(Hosting.Refusals.All[code].Status, code).Body.TryGetProperty("field", out var named) ? named.GetString() : null);
        Assert.Equal(code switch { "text.too-long" => 80, "list.too-long" => 20, _ => null }, reply.Most);
        Assert.DoesNotContain(Canary, reply.Text);
        (await installed.Admin.Send(HttpMethod.Get, $"/api/publishing/v1/editions/{key}")).MustBe(404, "edition.unknown");
        Assert.Empty(await installed.Platform.Query<string>("select id from publishing.mt_doc_editionhost where data->>'edition' = $1", key));
        Assert.Empty(await installed.Platform.Query<string>("select id from publishing.mt_doc_text where data->>'owner' = $1", $"{Publishing.Editions.Edition.IdOf(new(key))}"));
    }

    [Theory, InlineData("A"), InlineData("a"), InlineData("1a"), InlineData("a_b"), InlineData("a%20b"), InlineData("aaaaaaaaaaaaaaaaaaaaa")]
    public async Task A_bad_key_is_refused(string key) =>
        (await installed.Set(key, Installed.Settings("none"))).MustBe(422, "edition.bad-key");

    [Fact]
    public async Task Setting_the_same_again_changes_nothing_and_a_stale_version_is_refused()
    {
        var key = Installed.NewKey();
        var first = (await installed.Set(key, Installed.Settings(key))).Must(201);
        Assert.Equal(("\"1\"", $"/api/publishing/v1/editions/{key}"), (first.ETag, first.Headers["Location"]));
        Assert.Equal("\"1\"", (await installed.Set(key, Installed.Settings(key))).Must(200).ETag);
        Assert.Equal("\"2\"", (await installed.Set(key, Installed.Settings(key).With("theme", "sea"), "\"1\"")).Must(200).ETag);
        (await installed.Set(key, Installed.Settings(key).With("theme", "clay"), "\"1\"")).MustBe(412, "precondition.stale");
        var read = (await installed.Admin.Send(HttpMethod.Get, $"/api/publishing/v1/editions/{key}")).Must(200);
        Assert.Equal(("\"2\"", "sea", "Vigil " + key), (read.ETag, read["theme"].GetString(), read["name"].GetString()));
        Assert.Contains((await installed.Admin.Send(HttpMethod.Get, "/api/publishing/v1/editions")).Must(200)["items"].EnumerateArray(), e => e.GetProperty("key").GetString() == key);
    }

    [Fact]
    public async Task Twenty_at_once_set_it_once()
    {
        var key = Installed.NewKey();
        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => installed.Set(key, Installed.Settings(key))));
        Assert.Single(replies, r => r.Status == 201);
        Assert.All(replies, r => Assert.Equal("\"1\"", r.ETag));
    }

    [Fact]
    public async Task A_host_belongs_to_one_edition_until_it_gives_it_up()
    {
        var (one, two) = (await installed.NewEdition(), Installed.NewKey());
        (await installed.Set(two, Installed.Settings(two).With("hosts", new JsonArray($"{two}.localhost", $"{one}.localhost")))).MustBe(409, "edition.host-taken");
        (await installed.Set(one, Installed.Settings(one).With("hosts", new JsonArray($"{one}-b.localhost")))).Must(200);
        (await installed.Set(two, Installed.Settings(two).With("hosts", new JsonArray($"{two}.localhost", $"{one}.localhost")))).Must(201);
        await Wait.Until(() => installed.Platform.Get(one, "/"), r => r.Text.Contains($"Vigil {two}", StringComparison.Ordinal), "the other edition at that host");
    }

    [Fact]
    public async Task Only_administrators_set_editions_and_all_staff_read_them()
    {
        foreach (var account in Account.All)
        {
            var (who, key) = (installed.Platform.As(account), Installed.NewKey());
            var set = await who.Send(HttpMethod.Put, $"/api/publishing/v1/editions/{key}", Installed.Settings(key));
            if (account == Account.Admin) set.Must(201); else set.MustBe(403, "auth.forbidden");
            (await who.Send(HttpMethod.Get, "/api/publishing/v1/editions")).Must(200);
            (await who.Send(HttpMethod.Get, "/api/publishing/v1/editions/au")).Must(200);
        }
        foreach (var nobody in new[] { null, installed.Platform.Issuer.Forge(Account.Admin, Forgery.WrongKey) })
        {
            (await installed.Platform.As(nobody).Send(HttpMethod.Put, "/api/publishing/v1/editions/au", Installed.Settings("au"))).MustBe(401, "auth.required");
            (await installed.Platform.As(nobody).Send(HttpMethod.Get, "/api/publishing/v1/editions")).MustBe(401, "auth.required");
        }
    }
}
