using System.Net;
using System.Text.Json.Nodes;
using Vigil.Notification.Subscribers;

namespace Vigil.Notification.Tests.Subscribers;

public sealed class SignUpTests(Installed installed)
{
    const string Path = "/api/notification/v1/subscriptions";

    Platform Platform => installed.Platform;

    Task<Reply> Sign(JsonNode? body) => Platform.As((string?)null).Send(HttpMethod.Post, Path, body);

    Task<Reply> Form(Site site, string email, string website = "") => Platform.Send(new(HttpMethod.Post, Platform.At("/subscribe", site.Host))
    {
        Content = new FormUrlEncodedContent([new("email", email), new("website", website)]),
    });

    [Fact]
    public async Task The_answer_never_tells_whether_an_address_is_known()
    {
        var site = await Site.Open(Platform);
        var pending = new Reader(Platform, site.Key);
        await pending.Subscribe();
        await pending.Link();
        var confirmed = await site.Reader();
        var left = await site.Reader();
        (await left.OneClick(left.Mails[0])).Must(200);
        string[] addresses = [pending.Address, confirmed.Address, left.Address, "stranger@example.net"];

        var answers = new List<Reply>();
        var pages = new List<Reply>();
        foreach (var address in addresses)
        {
            answers.Add(await Sign(new JsonObject { ["email"] = address, ["edition"] = site.Key }));
            pages.Add(await Form(site, address));
        }
        pages.Add(await Form(site, confirmed.Address, website: "https://spam.example"));

        Assert.Equal("""202 {"status":"accepted"}""", Assert.Single(answers.Select(a => $"{a.Status} {a.Text}").Distinct()));
        Assert.Single(answers.Concat(pages).Select(a => string.Join(' ', a.Headers.Where(h => h.Key is not ("Date" or "Transfer-Encoding" or "Content-Type" or "Content-Length" or "Cache-Control" or "Referrer-Policy" or "X-Robots-Tag")))).Distinct());
        Assert.Single(pages.Select(a => $"{a.Status} {a.Text}").Distinct());
        Assert.Equal(200, pages[0].Status);
        Assert.DoesNotContain("@", pages[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_repeat_while_pending_or_confirmed_sends_no_second_mail()
    {
        var site = await Site.Open(Platform);
        var (pending, confirmed) = (new Reader(Platform, site.Key), await site.Reader());
        foreach (var reader in new[] { pending, confirmed })
            for (var i = 0; i < 4; i++)
            {
                (await Sign(new JsonObject { ["email"] = i % 2 == 0 ? reader.Address : reader.Address.ToUpperInvariant(), ["edition"] = site.Key })).Must(202);
                // Those that come together are taken as one.
                await site.Settled();
            }
        Assert.Single(pending.Mails);
        Assert.Single(confirmed.Mails);
    }

    [Fact]
    public async Task Who_fills_the_field_that_readers_do_not_see_gets_no_mail()
    {
        var site = await Site.Open(Platform);
        var (person, program) = (new Reader(Platform, site.Key), new Reader(Platform, site.Key));
        (await Form(site, program.Address, website: "x")).Must(200);
        (await Form(site, person.Address)).Must(200);
        await person.Link();
        await site.Settled();
        Assert.Empty(program.Mails);
    }

    [Fact]
    public async Task Opening_the_link_does_not_act_and_its_button_does()
    {
        var site = await Site.Open(Platform);
        var reader = new Reader(Platform, site.Key);
        (await reader.Subscribe()).Must(202);
        var link = await reader.Link();
        for (var i = 0; i < 2; i++)
        {
            var page = (await reader.Follow(HttpMethod.Get, link)).Must(200);
            Assert.Contains("method=\"post\"", page.Text, StringComparison.Ordinal);
            Assert.Equal("no-store", page.Headers["Cache-Control"]);
            Assert.Equal("no-referrer", page.Headers["Referrer-Policy"]);
        }
        Assert.Equal(0, (await site.Publish(site.Story())).GetProperty("audience").GetInt32());

        for (var i = 0; i < 2; i++) (await reader.Follow(HttpMethod.Post, link)).Must(200);
        Assert.Equal(1, (await site.Publish(site.Story())).GetProperty("sent").GetInt32());
        Assert.Single(reader.News);
    }

    [Fact]
    public async Task Links_that_are_not_ours_too_old_or_for_something_else_confirm_nothing()
    {
        var site = await Site.Open(Platform);
        var reader = new Reader(Platform, site.Key);
        await reader.Subscribe();
        var token = (await reader.Link()).Segments[^1];
        var genuine = Links.ReadConfirmation(Installed.Seal, token)!;
        var leave = Vigil.Kit.Reader.Unsubscribe(reader.Mails[0]).Segments[^1];
        var foreign = new Seal(new byte[32]);
        foreach (var (bad, status) in new[]
        {
            ($"{(token[0] == 'A' ? 'B' : 'A')}{token[1..]}", 404), (token[..^1], 404), ($"{token}A", 404), ("x", 404), (new string('A', 5000), 404), (leave, 404),
            (Links.ToConfirm(foreign, genuine), 404),
            (Links.ToConfirm(Installed.Seal, genuine with { Subscriber = Guid.NewGuid() }), 404),
            (Links.ToConfirm(Installed.Seal, genuine with { Issued = DateTimeOffset.UtcNow.AddDays(-8) }), 410),
            (Links.ToConfirm(Installed.Seal, genuine with { Request = 2 }), 410),
        })
            foreach (var method in new[] { HttpMethod.Get, HttpMethod.Post })
            {
                var answer = await reader.Follow(method, new Uri($"http://{site.Host}/subscribe/confirm/{bad}"));
                // The longest never gets further than the server's own bound on a request line.
                if (bad.Length > 4096) Assert.Equal(414, answer.Status);
                else answer.Must(status);
            }
        Assert.Equal(0, (await site.Publish(site.Story())).GetProperty("audience").GetInt32());
    }

    public static TheoryData<string> BadAddresses =>
    [
        "", " ", "reader", "reader@", "@example.org", "reader@localhost", "reader@@example.org", "reader@example.org\r\nBcc: other@example.org", "rea\nder@example.org", "reader\0@example.org",
        "\"reader\"@example.org", "\"a\\\"b\"@example.org", "réader@example.org", "читатель@example.org", "reader@example.org,other@example.org", "reader@example.org other@example.org",
        "reader@example.org;other@example.org", "Ada Bell <reader@example.org>", "<reader@example.org>", "reader(ada)@example.org", "reader@[127.0.0.1]", "a%b@example.org", "a!b@example.org",
        $"{new string('a', 65)}@example.org", $"a@{string.Join('.', Enumerable.Repeat(new string('b', 60), 5))}.org", "\u202ereader@example.org", "reader@exa\u200bmple..org",
    ];

    [Theory, MemberData(nameof(BadAddresses))]
    public async Task What_is_no_plain_address_is_refused(string address)
    {
        var refusal = (await Sign(new JsonObject { ["email"] = address, ["edition"] = "au" })).MustBe(422, "subscription.bad-address");
        Assert.Equal("email", refusal["field"].GetString());
        Assert.DoesNotContain("example", refusal.Text.Replace("reader@example.org.\"", "", StringComparison.Ordinal), StringComparison.Ordinal);

        var page = await Platform.Send(new(HttpMethod.Post, Platform.At("/subscribe", "au.localhost")) { Content = new FormUrlEncodedContent([new("email", address)]) });
        // No form has NUL in it.
        if (address.Contains('\0', StringComparison.Ordinal)) { page.MustBe(400, "request.malformed"); return; }
        Assert.Contains("role=\"alert\"", page.Must(422).Text, StringComparison.Ordinal);
        if (address.Contains('<', StringComparison.Ordinal)) Assert.Contains(WebUtility.HtmlEncode("<reader@example.org>"), page.Text.Replace("&#x40;", "@", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"edition":"au"}""", 400, "request.missing-member", "email")]
    [InlineData("""{"email":"a@example.org"}""", 400, "request.missing-member", "edition")]
    [InlineData("""{"email":null,"edition":"au"}""", 400, "request.malformed", "email")]
    [InlineData("""{"email":7,"edition":"au"}""", 400, "request.malformed", "email")]
    [InlineData("""{"email":["a@example.org"],"edition":"au"}""", 400, "request.malformed", "email")]
    [InlineData("""{"email":"a@example.org","edition":"au","admin":true}""", 400, "request.unknown-member", null)]
    [InlineData("""{"email":"a@example.org","edition":"no"}""", 422, "value.not-known", "edition")]
    [InlineData("""{"email":"a@example.org","edition":"../au"}""", 422, "value.not-known", "edition")]
    [InlineData("""{"email":"a@example.org","edition":"au","frequency":"daily"}""", 422, "value.not-known", "frequency")]
    [InlineData("""{"email":"a@example.org","edition":"au","language":"e"}""", 422, "value.bad-language", "language")]
    [InlineData("""{"email":"a@example.org","edition":"au","countries":["kp"]}""", 422, "value.bad-country", "countries[0]")]
    [InlineData("""{"email":"a@example.org","edition":"au","countries":["KP","KP"]}""", 422, "list.repeated", "countries")]
    [InlineData("""{"email":"a@example.org","edition":"au","topics":["a",""]}""", 422, "text.required", "topics[1]")]
    [InlineData("""{"email":"a@example.org","edition":"au","topics":["a\u0007"]}""", 422, "text.bad-character", "topics[0]")]
    [InlineData("""{"email":"a@example.org","edition":"au","topics":["@61"]}""", 422, "text.too-long", "topics[0]", 60)]
    [InlineData("""{"email":"a@example.org","edition":"au","topics":["0","1","2","3","4","5","6","7","8","9","10","11","12","13","14","15","16","17","18","19","20"]}""", 422, "list.too-long", "topics", 20)]
    [InlineData("""{"email":"a@example.org","edition":"au" """, 400, "request.malformed", null)]
    [InlineData("[]", 400, "request.malformed", null)]
    public async Task A_bad_request_names_what_is_bad(string body, int status, string code, string? field, int? most = null)
    {
        var sent = new StringContent(body.Replace("@61", new string('a', 61), StringComparison.Ordinal), System.Text.Encoding.UTF8, "application/json");
        var refusal = (await Platform.As((string?)null).Send(HttpMethod.Post, Path, sent)).MustBe(status, code);
        Assert.Equal(most, refusal.Most);
        if (field is not null) Assert.Equal(field, refusal["field"].GetString());
    }

    [Fact]
    public async Task Only_JSON_is_taken_as_JSON()
    {
        (await Platform.As((string?)null).Send(HttpMethod.Post, Path, new FormUrlEncodedContent([new("email", "a@example.org"), new("edition", "au")]))).MustBe(415, "request.not-json");
        (await Platform.Send(new(HttpMethod.Post, Platform.At("/subscribe", "au.localhost")) { Content = JsonContent("""{"email":"a@example.org"}""") })).Must(422);
        (await Platform.Send(new(HttpMethod.Post, Platform.At("/subscribe", "nobody.localhost")))).MustBe(421, "edition.unknown-host");
    }

    static StringContent JsonContent(string body) => new(body, System.Text.Encoding.UTF8, "application/json");

    [Fact]
    public async Task One_address_is_asked_three_times_a_day_at_most_and_the_answer_does_not_say_so()
    {
        await Wait.PastTheTurn();
        var reader = new Reader(Platform, "au");
        for (var i = 1; i <= 4; i++)
        {
            var site = await Site.Open(Platform);
            (await new Reader(Platform, site.Key, reader.Address).Subscribe()).Must(202);
            await site.Settled();
            Assert.Equal(Math.Min(i, 3), reader.Mails.Count);
        }
    }

    [Theory]
    [InlineData("en", "Please confirm: news from Vigil Test")]
    [InlineData("de", "Bitte bestätigen: Nachrichten von Vigil Test")]
    public async Task The_mail_speaks_the_edition_s_language(string language, string subject)
    {
        var site = await Site.Open(Platform, language: language);
        var reader = await site.Reader();
        Assert.Equal(subject, reader.Mails[0].Subject);
        Assert.Contains(language == "de" ? "Nachrichten per E-Mail" : "News by email",
            (await Platform.Get(site.Key, "/subscribe")).Must(200).Text, StringComparison.Ordinal);
    }
}
