using System.Text.Json;
using System.Text.Json.Nodes;
using Vigil.Kit;

namespace Vigil.Authoring.Tests.Articles;

/// <summary>The desk, an article as it was, and its revisions.</summary>
public sealed class DeskTests(Installed installed)
{
    static Account Someone(string name) => Account.Person($"{name} {Guid.NewGuid()}", "writer", "editor");

    static IEnumerable<Guid> Ids(Reply page) => page["items"].EnumerateArray().Select(i => i.GetProperty("id").GetGuid());

    [Fact]
    public async Task The_past_is_read_by_version_and_by_instant()
    {
        var (first, second) = (Draft.Full(), Draft.Full());
        var id = await installed.InReview(first);
        (await installed.Writer.Revise(id, 2, second)).Must(200);
        var times = await installed.Platform.Query<DateTime>("select timestamp from authoring.mt_events where stream_id = $1 order by version", id);
        foreach (var (version, work, text) in new[] { (1, "drafting", first), (2, "in-review", first), (3, "drafting", second) })
        {
            var byVersion = (await installed.Writer.Read(id, $"?version={version}")).Must(200);
            Assert.Equal((version, work, (string?)text["headline"]), (byVersion.Version, byVersion["work"].GetString(), byVersion["text"].GetProperty("headline").GetString()));
            var byTime = (await installed.Writer.Read(id, $"?at={times[version - 1]:yyyy-MM-ddTHH:mm:ss.ffffffZ}")).Must(200);
            Assert.Equal(byVersion.Text, byTime.Text);
        }
        Assert.Equal(3, (await installed.Writer.Read(id, "?at=2999-01-01T00:00:00Z")).Must(200).Version);
        var now = (await installed.Writer.Read(id)).Must(200);
        Assert.Equal((3, 2), (now.Version, now["revision"].GetInt32()));
    }

    [Theory]
    [InlineData("?version=0", "article.no-such-version", null), InlineData("?version=-1", "article.no-such-version", null), InlineData("?version=2", "article.no-such-version", null),
     InlineData("?version=9223372036854775807", "article.no-such-version", null), InlineData("?version=99999999999999999999", "request.bad-query", "version"),
     InlineData("?version=canary", "request.bad-query", "version"), InlineData("?at=canary", "request.bad-query", "at"), InlineData("?at=2001-01-01T00:00:00Z", "article.no-such-version", null),
     InlineData("?at=0001-01-01T00:00:00%2B14:00", "request.bad-query", "at"), InlineData("?version=1&at=2999-01-01T00:00:00Z", "request.bad-query", "at")]
    public async Task There_is_no_such_past(string query, string code, string? field) =>
        Assert.DoesNotContain("canary", (await installed.Writer.Read(await installed.Drafted(), query)).MustRefuse(code, field).Text);

    [Fact]
    public async Task Revisions_are_the_saved_states_of_the_words()
    {
        var (one, two) = (Draft.Full(), Draft.Full());
        var id = await installed.InReview(one);
        (await installed.Editor.Revise(id, 2, two)).Must(200);
        // Other editions are no other words, and the same again is nothing.
        (await installed.Editor.Revise(id, 3, two.DeepClone().AsObject().With("editions", new System.Text.Json.Nodes.JsonArray("de")))).Must(200);
        Assert.Equal(4, (await installed.Editor.Revise(id, 4, two.DeepClone().AsObject().With("editions", new System.Text.Json.Nodes.JsonArray("de")))).Must(200).Version);
        (await installed.Writer.Revise(id, 4, one)).Must(200);
        var revisions = (await installed.Writer.Revisions(id)).Must(200)["items"].EnumerateArray().ToArray();
        Assert.Equal([(1, 1, $"{one["headline"]}", Account.Writer.Id), (2, 3, $"{two["headline"]}", Account.Editor.Id), (3, 5, $"{one["headline"]}", Account.Writer.Id)],
            revisions.Select(r => (r.GetProperty("number").GetInt32(), r.GetProperty("version").GetInt32(), r.GetProperty("headline").GetString(), r.GetProperty("by").GetGuid())));
        Assert.DoesNotContain(revisions, r => r.GetProperty("erased").GetBoolean());
    }

    [Fact]
    public async Task Filters_show_what_they_name()
    {
        var me = installed.Platform.As(Someone("filters"));
        async Task<Guid> Mine() => (await me.Draft(Draft.Full())).Must(201).Id;
        var (draft, submitted, approved, live) = (await Mine(), await Mine(), await Mine(), await Mine());
        foreach (var id in new[] { submitted, approved, live }) (await me.Submit(id)).Must(200);
        foreach (var id in new[] { approved, live }) (await installed.Editor.Approve(id)).Must(200);
        (await installed.Editor.Publish(live)).Must(200);
        async Task Shows(string query, params Guid[] ids) => Assert.Equal(ids, Ids((await me.List($"?mine=true{query}")).Must(200)));
        await Shows("", live, approved, submitted, draft);
        await Shows("&work=drafting", draft);
        await Shows("&work=in-review", submitted);
        await Shows("&work=approved", live, approved);
        await Shows("&work=changes-requested");
        await Shows("&release=live", live);
        await Shows("&release=unreleased&work=approved", approved);
        await Shows("&release=taken-down");
        // Whoever is on duty sees what is live, of whomever.
        Assert.Equal([live], Ids((await installed.Platform.As(Account.Duty).List("?limit=100")).Must(200)).Intersect([draft, submitted, approved, live]));
    }

    /// <summary>Whatever keeps the new text back; who is on duty reads what readers read.</summary>
    [Fact]
    public async Task It_says_when_readers_see_an_earlier_text()
    {
        var article = Draft.Full();
        var id = await installed.Live(article);
        async Task Says(bool ahead)
        {
            foreach (var account in new[] { Account.Writer, Account.Editor, Account.Publisher, Account.Safety }) Assert.Equal(ahead, (await installed.Platform.As(account).Read(id)).Must(200)["ahead"].GetBoolean());
            Assert.False((await installed.Platform.As(Account.Duty).Read(id)).Must(200)["ahead"].GetBoolean());
        }
        await Says(false);
        (await installed.Writer.Revise(id, await installed.Events(id), article.With("editions", new JsonArray("au")))).Must(200);
        await Says(false);
        (await installed.Writer.Revise(id, await installed.Events(id), article.With("headline", Draft.Headline("Other")))).Must(200);
        await Says(true);
        (await installed.Writer.Submit(id)).Must(200);
        (await installed.Editor.Approve(id)).Must(200);
        (await installed.Editor.Embargo(id, DateTimeOffset.UtcNow.AddDays(1))).Must(200);
        await Says(true);
        (await installed.Editor.Embargo(id, null)).Must(200);
        (await installed.Editor.Retract(id, "A notice.")).Must(202);
        await Says(true);
        (await installed.Editor.Correct(id, "minor")).Must(200);
        await Says(false);
    }

    [Theory]
    [InlineData("?limit=0", "limit"), InlineData("?limit=101", "limit"), InlineData("?limit=-1", "limit"), InlineData("?limit=canary", "limit"), InlineData("?limit=99999999999", "limit"),
     InlineData("?work=canary", "work"), InlineData("?work=Drafting", "work"), InlineData("?work=0", "work"), InlineData("?work=", "work"), InlineData("?release=canary", "release"),
     InlineData("?release=InReview", "release"), InlineData("?mine=canary", "mine")]
    public async Task A_bad_query_is_refused_by_name(string query, string field) =>
        Assert.DoesNotContain("canary", (await installed.Writer.List(query)).MustRefuse("request.bad-query", field).Text);

    [Theory, InlineData("canary"), InlineData(""), InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), InlineData("________________________________"),
     InlineData("%00"), InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA%3D%3D")]
    public async Task A_bad_cursor_is_refused(string cursor) =>
        Assert.DoesNotContain("canary", (await installed.Writer.List($"?cursor={cursor}")).MustRefuse("request.bad-cursor", "cursor").Text);

    static async Task<List<Guid>> Pages(Kit.Newsroom who, int limit, Func<Task>? between = null)
    {
        List<Guid> seen = [];
        string? cursor = null;
        do
        {
            var page = (await who.List($"?mine=true&limit={limit}{(cursor is null ? "" : $"&cursor={cursor}")}")).Must(200);
            seen.AddRange(Ids(page));
            cursor = page["next"].GetString();
            Assert.True(seen.Count < 1000);
            if (between is not null) await between();
        } while (cursor is not null);
        return seen;
    }

    [Fact]
    public async Task Pages_show_every_article_once_while_others_are_written()
    {
        var me = installed.Platform.As(Someone("pages"));
        var articles = await Task.WhenAll(Enumerable.Range(0, 23).Select(async _ => (await me.Draft(Draft.Full())).Must(201).Id));
        Assert.Equal(articles.Order(), (await Pages(me, 100)).Order());
        var seen = await Pages(me, 5, between: async () => (await me.Draft(Draft.Full())).Must(201));
        Assert.Equal(articles.Order(), seen.Order());
    }

    /// <summary>Times as close as the clock can tell them apart, and times that are the same.</summary>
    [Fact]
    public async Task Pages_show_every_article_once_where_times_are_the_same()
    {
        var account = Someone("ties");
        var me = installed.Platform.As(account);
        var articles = await Task.WhenAll(Enumerable.Range(0, 12).Select(async _ => (await me.Draft(Draft.Full())).Must(201).Id));
        await installed.Platform.Query<int>("update authoring.mt_doc_article set data = jsonb_set(data, '{updated}', '\"2026-03-01T12:00:00.123456+00:00\"') where data->>'author' = $1", account.Subject);
        foreach (var limit in new[] { 1, 5 }) Assert.Equal(articles.Order(), (await Pages(me, limit)).Order());
    }

    /// <summary>The database keeps microseconds: a finer time could not be told from its neighbour by a cursor.</summary>
    [Fact]
    public async Task Times_are_as_fine_as_the_database_keeps_them()
    {
        foreach (var _ in Enumerable.Range(0, 5))
            Assert.Equal(0, (await installed.Writer.Read(await installed.Drafted()))["updated"].GetDateTimeOffset().Ticks % 10);
    }

    [Fact]
    public async Task A_line_says_what_stands()
    {
        var account = Someone("line");
        var me = installed.Platform.As(account);
        var article = Draft.Full();
        var id = (await me.Draft(article)).Must(201).Id;
        var line = Assert.Single((await me.List("?mine=true")).Must(200)["items"].EnumerateArray());
        Assert.Equal((id, 1, $"{article["headline"]}", "en", account.Id, false), (line.GetProperty("id").GetGuid(), line.GetProperty("version").GetInt32(),
            line.GetProperty("headline").GetString(), line.GetProperty("language").GetString(), line.GetProperty("author").GetGuid(), line.GetProperty("erased").GetBoolean()));
        Assert.Equal(JsonValueKind.Null, (await me.List("?mine=true"))["next"].ValueKind);
    }
}
