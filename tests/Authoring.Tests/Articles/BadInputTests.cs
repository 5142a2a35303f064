using System.Text;
using System.Text.Json.Nodes;
using Vigil.Kit;

namespace Vigil.Authoring.Tests.Articles;

/// <summary>What is not as it should be gets a stable code and the member's name; nothing of it is stored, and nothing of it comes back.</summary>
public sealed class BadInputTests(Installed installed)
{
    const string Canary = "canary-q7x";

    static readonly Account Clumsy = Account.Person("clumsy", "writer", "editor", "safety", "duty");

    sealed record Bad(string Body, string Code, string? Field, int? Most);

    /// <summary>A full article, in which the member at the path is this JSON; null leaves it out.</summary>
    static string With(string path, string? json)
    {
        var article = Draft.Full($"{Canary} {Draft.Headline()}");
        JsonNode at = article;
        var steps = path.Replace("]", "", StringComparison.Ordinal).Split('.', '[');
        foreach (var step in steps[..^1]) at = (int.TryParse(step, out var i) ? at[i] : at[step])!;
        if (int.TryParse(steps[^1], out var index)) at[index] = "@@";
        else at.AsObject().With(steps[^1], json is null ? null : JsonValue.Create("@@"));
        return article.ToJsonString().Replace("\"@@\"", json, StringComparison.Ordinal);
    }

    static string Of(char letter, int length) => $"\"{new string(letter, length)}\"";

    /// <summary>Twenty of them, in all of this length; their 40 line ends are a byte each.</summary>
    static string Paragraphs(char letter, int length) => $"\"{string.Concat(Enumerable.Repeat($"{new string(letter, length / 20 - 2)}\\n\\n", 20))}\"";

    static string Several(string json, int times) => $"[{string.Join(',', Enumerable.Repeat(json, times))}]";

    static string Various(int count, Func<int, string> json) => $"[{string.Join(',', Enumerable.Range(0, count).Select(json))}]";

    static readonly (string Path, int Longest, bool Required)[] Words =
    [
        ("headline", 200, true), ("standfirst", 600, false), ("body", 200_000, false), ("byline.name", 120, false), ("topics[0]", 60, true),
        ("quotations[0].text", 2000, true), ("quotations[0].as", 120, false), ("prayerPoints.lead", 120, true), ("prayerPoints.points[0]", 600, true),
        ("related[0].title", 200, true), ("related[0].call", 60, false),
    ];

    static readonly (string Path, int Most, Func<int, string> Item)[] Lists =
    [
        ("countries", 20, i => $"\"{"DE AT CH FR IT ES PT NL BE LU DK SE NO FI IS IE PL CZ SK HU RO".Split(' ')[i]}\""), ("topics", 20, i => $"\"t{i}\""),
        ("quotations", 20, _ => """{"text":"a","attribution":"withheld"}"""), ("prayerPoints.points", 12, _ => "\"a\""),
        ("related", 12, _ => """{"title":"a","url":"https://example.org"}"""),
    ];

    static readonly Dictionary<string, Bad> Table = Make();

    static Dictionary<string, Bad> Make()
    {
        Dictionary<string, Bad> table = [];
        void Is(string name, string body, string code, string? field = null, int? most = null) => table.Add(name, new(body, code, field, most));
        void At(string path, string? json, string code, string? field = null, string? name = null, int? most = null) =>
            Is($"{path}: {name ?? json ?? "missing"}", With(path, json), code, field ?? path, most);

        foreach (var path in new[]
                 {
                     "headline", "body", "language", "editions", "byline.kind", "quotations[0].text", "quotations[0].attribution", "prayerPoints.lead",
                     "prayerPoints.points", "related[0].title", "related[0].url",
                 })
        {
            At(path, null, "request.missing-member");
            At(path, "null", "request.malformed");
        }
        foreach (var (path, longest, required) in Words)
        {
            At(path, Of('a', longest + 1), "text.too-long", name: "one too long", most: path is "body" ? null : longest);
            if (required) At(path, "\"  \"", "text.required");
            foreach (var bad in new[] { @"\u0000", @"\u0007", @"\u0085", @"\u202e", @"\u2066", @"\ufffe", @"\uffff" })
                At(path, $"\"{Canary}{bad}b\"", "text.bad-character");
            foreach (var broken in new[] { @"\ud800", @"\udc00\ud800", @"\ud800x" }) At(path, $"\"{Canary}{broken}\"", "request.malformed");
            foreach (var other in new[] { "5", "true", $"[\"{Canary}\"]", $"{{\"{Canary}\":1}}" }) At(path, other, "request.malformed");
        }
        At("headline", $"\"{string.Concat(Enumerable.Repeat("😀", 201))}\"", "text.too-long", name: "201 faces", most: 200);
        At("body", $"\"{new string('é', 100_001)}\"", "text.too-long", name: "200,002 bytes");
        At("headline", @"""a\nb""", "text.bad-character");
        foreach (var (path, most, item) in Lists)
        {
            At(path, Various(most + 1, item), "list.too-long", name: "one too many", most: most);
            At(path, "\"a\"", "request.malformed");
            At(path, "{}", "request.malformed");
            if (path is not "prayerPoints.points" and not "countries") At(path, "[5]", "request.malformed", $"{path}[0]");
            At(path, "[null]", "text.required", $"{path}[0]");
        }
        foreach (var (path, item) in new[] { ("countries", "\"KP\""), ("topics", "\"a\""), ("editions", "\"au\""), ("disclosures", "\"names-changed\"") })
            At(path, Several(item, 2), "list.repeated");
        At("prayerPoints.points", "[]", "text.required");
        At("disclosures", $"[\"{Canary}\"]", "request.malformed", "disclosures[0]");
        At("disclosures", "[0]", "request.malformed", "disclosures[0]");
        foreach (var url in new[]
                 {
                     "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "ftp://example.org/", "file:///etc/passwd", "mailto:a@example.org", "/news", "//example.org",
                     "example.org", "https://", "https://user:secret@example.org/", "", " ", $"https://{Canary}.example/{new string('a', 2000)}", @"https://example.org/\u202e",
                 })
            At("related[0].url", $"\"{url}\"", "value.bad-url", name: url.Length > 100 ? "too long" : null);
        foreach (var slug in new[] { "", "A", "a--b", "-a", "a-", "a_b", "é", "a b", "../a", $"{Canary}!", new string('a', 81) }) At("slug", $"\"{slug}\"", "value.bad-slug");
        foreach (var language in new[] { "", "EN", "english", "en_AU", Canary }) At("language", $"\"{language}\"", "value.bad-language");
        foreach (var country in new[] { "", "kp", "XX", "PRK", Canary }) At("countries[0]", $"\"{country}\"", "value.bad-country");
        foreach (var edition in new[] { "\"fr\"", "\"\"", "\"AU\"", "\"../au\"", $"\"{Canary}\"", "null" }) At("editions[1]", edition, "article.unknown-edition");
        At("byline", """{"kind":"named"}""", "article.byline-name", "byline.name");
        At("byline", $$"""{"kind":"desk","name":"{{Canary}}"}""", "article.byline-name", "byline.name");
        At("byline", $$"""{"kind":"withheld","name":"{{Canary}}"}""", "article.byline-name", "byline.name");
        At("byline.kind", $"\"{Canary}\"", "request.malformed");
        At("byline.kind", "\"named,desk\"", "request.malformed");
        At("byline.kind", "\"Named\"", "request.malformed");
        At("byline.kind", "0", "request.malformed");
        At("quotations[0].attribution", "\"described,withheld\"", "request.malformed");
        At("disclosures", """["details-changed, place-withheld"]""", "request.malformed", "disclosures[0]");
        At("quotations[0]", $$"""{"text":"a","attribution":"withheld","as":"{{Canary}}"}""", "article.attribution", "quotations[0].as");
        At("quotations[0]", """{"text":"a","attribution":"described"}""", "article.attribution", "quotations[0].as");
        At("images", """[{"media":"6f1d3c0a-9a53-4e53-8c2b-0d9a7a6c1b11","alt":"a","kind":"actual"}]""", "article.unknown-media", "images[0].media");
        At("images", """[{"media":"no id","alt":"a","kind":"actual"}]""", "request.malformed", "images[0].media");
        At("body", "\"{quotation 2}\"", "article.unknown-part");
        At("body", "\"{image 1}\"", "article.unknown-part");
        At("body", @"""{call 1}\n\n{call 1}""", "article.part-placed-twice");
        At("body", $"\"{string.Concat(Enumerable.Repeat("> ", 100))}a\"", "article.too-deep", name: "quotations in quotations");
        At("body", $"\"{string.Concat(Enumerable.Repeat("- ", 1000))}a\"", "article.too-deep", name: "lists in lists");
        At("body", $"\"{string.Concat(Enumerable.Repeat("<b>", 1000))}a\"", "article.too-deep", name: "tags in tags");
        At("body", $"\"{string.Concat(Enumerable.Repeat("[", 50_000))}a\"", "article.too-heavy", name: "brackets in brackets");
        At("headline", $"{new string('[', 40)}{new string(']', 40)}", "request.malformed", "headline", name: "deep JSON");

        Is("unknown member", With("surprise", $"\"{Canary}\""), "request.unknown-member");
        Is("unknown member, named like what it holds", With(Canary, "1"), "request.unknown-member");
        Is("unknown member by case", With("Headline", "\"a\""), "request.unknown-member");
        Is("unknown member of the byline", With("byline.surprise", "1"), "request.unknown-member", "byline");
        Is("unknown member of a quotation", With("quotations[0].surprise", "1"), "request.unknown-member", "quotations[0]");
        Is("unknown member of a call", With("related[0].surprise", "1"), "request.unknown-member", "related[0]");
        var whole = With("standfirst", $"\"{Canary}\"");
        Is("doubled member", whole.Insert(1, $"\"headline\":\"{Canary}\","), "request.malformed", "headline");
        Is("doubled nested member", With("byline", $$"""{"kind":"desk","kind":"named","name":"{{Canary}}"}"""), "request.malformed", "byline.kind");
        foreach (var (name, body) in new[]
                 {
                     ("nothing", ""), ("space", "  "), ("null", "null"), ("a list", "[]"), ("a number", "5"), ("a text", $"\"{Canary}\""), ("half", whole[..^30]), ("two", whole + whole),
                     ("a comment", $"/*{Canary}*/{whole}"), ("a comma too many", whole.Insert(whole.Length - 1, ",")), ("single quotes", "{'headline':1}"), ("NUL", "\0"), ("XML", $"<{Canary}/>"),
                 })
            Is($"the body is {name}", body, "request.malformed", "*");
        return table;
    }

    public static TheoryData<string> Names => [.. Table.Keys];

    [Theory, MemberData(nameof(Names))]
    public async Task A_bad_draft_is_refused_by_name_and_leaves_nothing(string name)
    {
        var (body, code, field, most) = Table[name];
        var before = await installed.Stored(Guid.Empty, Clumsy);
        var reply = await installed.Platform.As(Clumsy).Send(HttpMethod.Post, "/api/newsroom/v1/articles", Json(body), key: $"{Guid.NewGuid()}");
        reply.MustRefuse(code, field == "*" ? reply.Body.TryGetProperty("field", out var any) ? any.GetString() : null : field);
        Assert.Equal(most, reply.Most);
        Assert.DoesNotContain(Canary, reply.Text, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(before, await installed.Stored(Guid.Empty, Clumsy));
    }

    static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    [Fact]
    public async Task Everything_at_its_limit_is_accepted_and_comes_back_as_it_was_sent()
    {
        foreach (var (path, longest, _) in Words.Where(w => w.Path is not "body")) await Accepted(With(path, Of('a', longest)));
        await Accepted(With("headline", $"\"{string.Concat(Enumerable.Repeat("😀", 200))}\""));
        await Accepted(With("body", Paragraphs('a', 200_000)));
        await Accepted(With("body", Paragraphs('é', 100_000 + 20)));
        foreach (var (path, most, item) in Lists) await Accepted(With(path, Various(most, item)));
        await Accepted(With("disclosures", """["names-changed","details-changed","place-withheld"]"""));
        await Accepted(With("slug", Of('a', 80)));
        await Accepted(With("related[0].url", $"\"https://example.org/{new string('a', 1980)}\""));
        await Accepted(Draft.Minimal().ToJsonString());
        foreach (var path in new[] { "standfirst", "slug", "byline", "countries", "topics", "prayerPoints", "images", "disclosures", "related[0].call" })
        {
            await Accepted(With(path, "null"));
            await Accepted(With(path, null));
        }
        await Accepted(With("headline", "\"中文 العربية עברית 😀 é\""));
        await Accepted(With("images", "[]"));
    }

    async Task Accepted(string body)
    {
        var drafted = (await installed.Platform.As(Clumsy).Send(HttpMethod.Post, "/api/newsroom/v1/articles", Json(body))).Must(201);
        var (sent, kept) = (JsonNode.Parse(body)!.AsObject(), JsonNode.Parse(drafted.Text)!["text"]!.AsObject());
        foreach (var (member, value) in sent.Where(m => m.Key is not "editions" && m.Value is not null))
            if (member is "related") Assert.Equal(value!.AsArray().Select(c => (string?)c!["url"]), kept[member]!.AsArray().Select(c => (string?)c!["url"]));
            else if (member is "quotations") Assert.Equal(value!.AsArray().Select(q => (string?)q!["text"]), kept[member]!.AsArray().Select(q => (string?)q!["text"]));
            else if (member is not "byline") Assert.True(JsonNode.DeepEquals(value, kept[member]), $"{member}: {value} became {kept[member]}");
    }

    [Theory]
    [InlineData("text/plain"), InlineData("application/x-www-form-urlencoded"), InlineData("application/xml"), InlineData("multipart/form-data; boundary=x"), InlineData(null),
     InlineData("application/json; charset=no-such"), InlineData("nonsense")]
    public async Task Only_JSON_is_read(string? type)
    {
        var before = await installed.Stored(Guid.Empty, Clumsy);
        foreach (var key in new[] { null, "a-key" })
        {
            var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Draft.Full(Canary).ToJsonString()));
            if (type is not null) content.Headers.TryAddWithoutValidation("Content-Type", type);
            var reply = await installed.Platform.As(Clumsy).Send(HttpMethod.Post, "/api/newsroom/v1/articles", content, key);
            Assert.DoesNotContain(Canary, reply.MustRefuse("request.not-json").Text);
        }
        Assert.Equal(before, await installed.Stored(Guid.Empty, Clumsy));
    }

    [Theory, InlineData(false, false), InlineData(false, true), InlineData(true, false), InlineData(true, true)]
    public async Task What_is_too_large_is_not_read(bool withKey, bool inChunks)
    {
        var before = await installed.Stored(Guid.Empty, Clumsy);
        var bytes = Encoding.UTF8.GetBytes(Draft.Full(Canary).With("body", new string('a', 1_000_000)).ToJsonString());
        HttpContent content = inChunks ? new StreamContent(new Unmeasured(bytes)) : new ByteArrayContent(bytes);
        content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        var request = new HttpRequestMessage(HttpMethod.Post, installed.Platform.At("/api/newsroom/v1/articles")) { Content = content };
        request.Headers.Authorization = new("Bearer", installed.Platform.Issuer.Token(Clumsy));
        if (withKey) request.Headers.Add("Idempotency-Key", $"{Guid.NewGuid()}");
        (await installed.Platform.Send(request)).MustRefuse("request.too-large");
        Assert.Equal(before, await installed.Stored(Guid.Empty, Clumsy));
    }

    /// <summary>Has no length, so it is sent in chunks.</summary>
    sealed class Unmeasured(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }

    [Theory]
    [InlineData("changes-request", "{}", "request.missing-member", "note")]
    [InlineData("changes-request", "", "request.malformed", null)]
    [InlineData("changes-request", """{"note":null}""", "request.malformed", "note")]
    [InlineData("changes-request", """{"note":"  "}""", "text.required", "note")]
    [InlineData("changes-request", """{"note":"@2001"}""", "text.too-long", "note")]
    [InlineData("changes-request", """{"note":"canary-q7x\u0000"}""", "text.bad-character", "note")]
    [InlineData("changes-request", """{"note":"canary-q7x","surprise":1}""", "request.unknown-member", null)]
    [InlineData("publication", """{"mail":"canary-q7x"}""", "value.bad-time", "mail")]
    [InlineData("publication", """{"mail":"2001-01-01T00:00:00Z"}""", "value.bad-time", "mail")]
    [InlineData("publication", """{"mail":"2999-01-01"}""", "value.bad-time", "mail")]
    [InlineData("publication", """{"mail":"2999-01-01T00:00:00"}""", "value.bad-time", "mail")]
    [InlineData("publication", """{"mail":5}""", "request.malformed", "mail")]
    [InlineData("publication", """{"editions":["canary-q7x"]}""", "article.unknown-edition", "editions[0]")]
    [InlineData("publication", """{"editions":["au",null]}""", "article.unknown-edition", "editions[1]")]
    [InlineData("publication", """{"editions":"au"}""", "request.malformed", "editions")]
    [InlineData("publication", """{"surprise":"canary-q7x"}""", "request.unknown-member", null)]
    [InlineData("withdrawal", """{"reason":"@2001"}""", "text.too-long", "reason")]
    [InlineData("withdrawal", """{"reason":"canary-q7x\u202e"}""", "text.bad-character", "reason")]
    [InlineData("withdrawal", """{"editions":["canary-q7x"]}""", "article.unknown-edition", "editions[0]")]
    [InlineData("takedown", """{"reason":"@2001"}""", "text.too-long", "reason")]
    [InlineData("takedown", """{"reason":"\ufffe"}""", "text.bad-character", "reason")]
    [InlineData("takedown", "[]", "request.malformed", null)]
    [InlineData("protection", "{}", "request.missing-member", "protected")]
    [InlineData("protection", """{"protected":"yes"}""", "request.malformed", "protected")]
    [InlineData("protection", """{"protected":true,"reason":"canary-q7x\u202e"}""", "text.bad-character", "reason")]
    [InlineData("assignment", "{}", "request.missing-member", "to")]
    [InlineData("assignment", """{"to":"canary-q7x"}""", "request.malformed", "to")]
    [InlineData("embargo", "{}", "request.missing-member", "until")]
    [InlineData("embargo", """{"until":"canary-q7x"}""", "value.bad-time", "until")]
    [InlineData("embargo", """{"until":"2999-01-01T00:00:00"}""", "value.bad-time", "until")]
    [InlineData("embargo", """{"until":"2001-01-01T00:00:00Z"}""", "value.bad-time", "until")]
    [InlineData("schedule", "{}", "article.at-or-local", "at")]
    [InlineData("schedule", """{"at":"2999-01-01T00:00:00Z","local":"2999-01-01T00:00"}""", "article.at-or-local", "at")]
    [InlineData("schedule", """{"at":"canary-q7x"}""", "value.bad-time", "at")]
    [InlineData("schedule", """{"at":"2001-01-01T00:00:00Z"}""", "value.bad-time", "at")]
    [InlineData("schedule", """{"local":"2999-01-01T00:00:00Z"}""", "value.bad-local-time", "local")]
    [InlineData("schedule", """{"local":"2027-03-28T02:30","editions":["de"]}""", "value.no-such-time", "local")]
    [InlineData("schedule", """{"at":"2999-01-01T00:00:00Z","editions":["canary-q7x"]}""", "article.unknown-edition", "editions[0]")]
    [InlineData("schedule", """{"at":"2999-01-01T00:00:00Z","editions":[]}""", "article.no-edition", "editions")]
    [InlineData("schedule", """{"at":"2999-01-01T00:00:00Z","mail":"canary-q7x"}""", "value.bad-time", "mail")]
    [InlineData("correction", "{}", "request.missing-member", "class")]
    [InlineData("correction", """{"class":"canary-q7x"}""", "request.malformed", "class")]
    [InlineData("correction", """{"class":"fact"}""", "text.required", "note")]
    [InlineData("correction", """{"class":"fact","note":" "}""", "text.required", "note")]
    [InlineData("correction", """{"class":"fact","note":"@2001"}""", "text.too-long", "note")]
    [InlineData("correction", """{"class":"minor","note":"canary-q7x"}""", "article.minor-correction", "note")]
    [InlineData("correction", """{"class":"clarity","note":"canary-q7x","mail":"now"}""", "article.correction-mail", "mail")]
    [InlineData("correction", """{"class":"fact","note":"canary-q7x","mail":"yesterday"}""", "value.bad-time", "mail")]
    [InlineData("protective-correction", "{}", "request.missing-member", "headline")]
    [InlineData("retraction", "{}", "request.missing-member", "notice")]
    [InlineData("retraction", """{"notice":" "}""", "text.required", "notice")]
    [InlineData("retraction", """{"notice":"canary-q7x","reason":"canary-q7x\u0000"}""", "text.bad-character", "reason")]
    [InlineData("retraction", """{"notice":"canary-q7x","mail":"2001-01-01T00:00:00Z"}""", "value.bad-time", "mail")]
    [InlineData("erasure", "{}", "article.revision-or-notes", "revision")]
    [InlineData("erasure", """{"revision":1,"notes":true}""", "article.revision-or-notes", "revision")]
    [InlineData("erasure", "", "request.malformed", null)]
    [InlineData("erasure", """{"revision":"1"}""", "request.malformed", "revision")]
    [InlineData("erasure", """{"revision":1.5}""", "request.malformed", "revision")]
    [InlineData("erasure", """{"revision":99999999999}""", "request.malformed", "revision")]
    [InlineData("erasure", """{"revision":0}""", "article.no-such-revision", "revision")]
    [InlineData("erasure", """{"revision":2}""", "article.no-such-revision", "revision")]
    [InlineData("erasure", """{"revision":1,"reason":"canary-q7x\ud800"}""", "request.malformed", "reason")]
    public async Task A_bad_command_is_refused_by_name_and_leaves_nothing(string command, string body, string code, string? field)
    {
        // Each in the state in which a good command would be carried out.
        var id = await installed.For(command);
        var before = await installed.Stored(id, Clumsy);
        var sent = Json(body.Replace("@2001", new string('a', 2001), StringComparison.Ordinal));
        var reply = await installed.Platform.As(Clumsy).Send(HttpMethod.Post, $"/api/newsroom/v1/articles/{id}/{command}", sent, key: $"{Guid.NewGuid()}");
        Assert.DoesNotContain(Canary, reply.MustRefuse(code, field).Text);
        Assert.Equal(before, await installed.Stored(id, Clumsy));
    }

    [Theory]
    [InlineData("no-id"), InlineData("00000000-0000-0000-0000-00000000000g"), InlineData("..%2f..%2f")]
    public async Task An_address_that_is_none_is_not_found(string id)
    {
        (await installed.Writer.Send(HttpMethod.Get, $"/api/newsroom/v1/articles/{id}")).MustRefuse("request.not-found");
        (await installed.Writer.Send(HttpMethod.Post, $"/api/newsroom/v1/articles/{id}/submission")).MustRefuse("request.not-found");
    }

    [Fact]
    public async Task An_article_that_is_none_is_unknown_to_every_command()
    {
        var (id, all) = (Guid.NewGuid(), installed.Platform.As(Account.Person("all", "writer", "editor", "safety", "publisher", "duty")));
        foreach (var command in RoleTests.Commands.Keys) (await RoleTests.Give(all, id, command)).MustRefuse("article.unknown");
        (await all.Revise(id, 1, Draft.Full())).MustRefuse("article.unknown");
        (await all.Read(id)).MustRefuse("article.unknown");
        (await all.Revisions(id)).MustRefuse("article.unknown");
        Assert.Equal(0, await installed.Events(id));
    }

    [Theory]
    [InlineData("PATCH", ""), InlineData("DELETE", ""), InlineData("PUT", ""), InlineData("GET", "/{id}/submission"), InlineData("PUT", "/{id}/approval"), InlineData("POST", "/{id}"),
     InlineData("POST", "/{id}/revisions"), InlineData("DELETE", "/{id}")]
    public async Task A_wrong_method_is_told_so(string method, string path)
    {
        var reply = await installed.Writer.Send(new HttpMethod(method), $"/api/newsroom/v1/articles{path.Replace("{id}", $"{Guid.NewGuid()}", StringComparison.Ordinal)}");
        reply.MustRefuse("request.method-not-allowed");
        Assert.NotEmpty(reply.Headers["Allow"]);
    }

    [Theory, InlineData("/{id}/nothing"), InlineData("/{id}/submission/more"), InlineData("/{id}/revisions/1")]
    public async Task An_unknown_path_is_not_found(string path) =>
        (await installed.Writer.Send(HttpMethod.Get, $"/api/newsroom/v1/articles{path.Replace("{id}", $"{Guid.NewGuid()}", StringComparison.Ordinal)}")).MustRefuse("request.not-found");
}
