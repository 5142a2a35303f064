using Vigil.Hosting;

namespace Vigil.Notification.Tests.Mailings;

public sealed class StaffListTests(Installed installed)
{
    const string Path = "/api/notification/v1/mailings";

    Platform Platform => installed.Platform;

    [Fact]
    public async Task Staff_and_nobody_else_may_look()
    {
        var site = await Site.Open(Platform);
        var story = site.Story();
        var id = (await site.Publish(story)).GetProperty("id").GetGuid();
        foreach (var path in new[] { Path, $"{Path}/{id}" })
        {
            (await Platform.As((string?)null).Send(HttpMethod.Get, path)).MustBe(401, "auth.required");
            foreach (var forgery in Enum.GetValues<Forgery>().Except([Forgery.NoRole, Forgery.NoSubject]))
                (await Platform.As(Platform.Issuer.Forge(Account.Admin, forgery)).Send(HttpMethod.Get, path)).MustBe(401, "auth.required");
            (await Platform.As(Platform.Issuer.Forge(Account.Admin, Forgery.NoRole)).Send(HttpMethod.Get, path)).MustBe(403, "auth.forbidden");
            (await Platform.As(Account.Person("reader", "reader")).Send(HttpMethod.Get, path)).MustBe(403, "auth.forbidden");
            foreach (var role in Policy.AllRoles) (await Platform.As(Account.Person($"some-{role}", role)).Send(HttpMethod.Get, path)).Must(200);
        }
        (await Platform.As(Account.Editor).Send(HttpMethod.Get, $"{Path}/{Guid.NewGuid()}")).MustBe(404, "mailing.unknown");
    }

    [Fact]
    public async Task It_pages_newest_first_without_gap_or_repeat()
    {
        var site = await Site.Open(Platform);
        var stories = Enumerable.Range(0, 5).Select(i => site.Story() with { At = DateTimeOffset.UtcNow.AddYears(-1).AddSeconds(i / 2) }).ToList();
        foreach (var story in stories) await site.Publish(story);

        var seen = new List<(Guid Article, DateTimeOffset Planned)>();
        string? next = "";
        for (var page = 0; next is not null && page < 500; page++)
        {
            var answer = (await Platform.As(Account.Duty).Send(HttpMethod.Get, $"{Path}?limit=2{(next.Length > 0 ? $"&cursor={Uri.EscapeDataString(next)}" : "")}")).Must(200);
            var items = answer["items"].EnumerateArray().ToList();
            Assert.InRange(items.Count, 1, 2);
            foreach (var item in items) seen.Add((item.GetProperty("article").GetGuid(), item.GetProperty("planned").GetDateTimeOffset()));
            next = answer["next"].GetString();
        }
        Assert.Equal(seen.Select(s => s.Planned).OrderDescending(), seen.Select(s => s.Planned));
        foreach (var story in stories) Assert.Single(seen, s => s.Article == story.ArticleId);
        foreach (var bad in new[] { "limit=0", "limit=101", "limit=x" }) (await Platform.As(Account.Duty).Send(HttpMethod.Get, $"{Path}?{bad}")).MustBe(400, "request.bad-query");
        foreach (var bad in new[] { "cursor=x", "cursor=%00", "cursor=AAAA" }) (await Platform.As(Account.Duty).Send(HttpMethod.Get, $"{Path}?{bad}")).MustBe(400, "request.bad-cursor");
    }

    [Fact]
    public async Task It_counts_every_reader_and_names_none()
    {
        var site = await Site.Open(Platform);
        var addresses = await site.Fill(7);
        var story = site.Story();
        await site.Publish(story);
        var answer = (await site.Mailing(story.ArticleId)).Must(200);
        Assert.Equal((7, 7, 0, 0, 0), (Count("audience"), Count("sent"), Count("skipped"), Count("failed"), Count("pending")));
        Assert.Equal(story.Text.Headline, answer["headline"].GetString());
        Assert.DoesNotContain("example", answer.Text, StringComparison.Ordinal);
        Assert.All(addresses, address => Assert.Single(Platform.Mail.To(address)));

        int Count(string name) => answer[name].GetInt32();
    }

    [Fact]
    public async Task A_relay_is_configured_so_there_is_no_development_mail()
    {
        (await Platform.As(Account.Admin).Send(HttpMethod.Get, "/development/mail")).MustBe(404, "request.not-found");
        (await Platform.As(Account.Admin).Send(HttpMethod.Get, $"/development/mail/{Guid.NewGuid()}")).MustBe(404, "request.not-found");
    }
}
