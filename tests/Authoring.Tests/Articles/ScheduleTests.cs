using System.Text.Json;
using Vigil.Contracts.Publishing;
using Vigil.Kit;

namespace Vigil.Authoring.Tests.Articles;

/// <summary>What is scheduled goes out when it is due, once, whatever is killed; if it still may.</summary>
public sealed class ScheduleTests(Installed installed)
{
    static DateTimeOffset Soon => DateTimeOffset.UtcNow.AddSeconds(2);

    Task<Reply> Becomes(Guid id, Func<Reply, bool> good, string what) => Wait.Until(() => installed.Editor.Read(id), good, what);

    [Fact]
    public async Task It_goes_out_when_it_is_due_as_the_command_of_whoever_scheduled_it()
    {
        var id = await installed.Approved();
        var publisher = installed.Platform.As(Account.Publisher);
        // An hour away at first: what is set earlier is not waited past.
        Assert.Equal("scheduled", (await publisher.Schedule(id, DateTimeOffset.UtcNow.AddHours(1))).Must(200)["release"].GetString());
        var at = Soon;
        (await publisher.Schedule(id, at, mail: "none", "au")).Must(200);
        var live = await Becomes(id, r => r["release"].GetString() == "live", "live in au");
        Assert.Equal(["au"], live["liveIn"].EnumerateArray().Select(e => e.GetString()!));
        Assert.True(live["firstPublished"].GetDateTimeOffset() >= at.AddMicroseconds(-1));
        Assert.Equal("de", Assert.Single(live["schedule"].EnumerateArray()).GetProperty("edition").GetString());
        Assert.Equal(Account.Publisher.Subject, (await installed.Platform.Query<string>("select user_name from authoring.mt_events where stream_id = $1 order by version desc limit 1", id))[0]);
        Assert.Null((await installed.Release(id)).MailAt);
        (await publisher.Drop(id, "schedule")).Must(200);
    }

    [Fact]
    public async Task A_local_time_is_that_of_each_edition_and_both_are_shown()
    {
        var id = await installed.Approved();
        var scheduled = (await installed.Editor.ScheduleLocally(id, "2999-01-05T09:00")).Must(200);
        Assert.Equal(
            [("au", "Australia/Sydney", "2999-01-04T22:00:00+00:00", "2999-01-05T09:00:00+11:00"), ("de", "Europe/Berlin", "2999-01-05T08:00:00+00:00", "2999-01-05T09:00:00+01:00")],
            scheduled["schedule"].EnumerateArray().Select(s => (s.GetProperty("edition").GetString()!, s.GetProperty("zone").GetString()!, s.GetProperty("at").GetString()!, s.GetProperty("local").GetString()!)));
        Assert.Equal(2, (await installed.Platform.Query<long>("select count(*) from authoring.due_releases where article = $1", id))[0]);
        Assert.Equal(("unreleased", 0), ((await installed.Editor.Drop(id, "schedule")).Must(200) is var dropped ? dropped["release"].GetString() : "", dropped["schedule"].GetArrayLength()));
        Assert.Equal(dropped.Version, (await installed.Editor2.Drop(id, "schedule")).Must(200).Version);
    }

    [Fact]
    public async Task An_editions_zone_is_the_newest_that_was_told_whatever_came_late_or_at_once()
    {
        EditionChanged Nz(long version, string zone) => new()
        {
            Key = "nz", Version = version, Name = "Vigil", Hosts = ["nz.localhost"], Language = "en", TimeZone = zone, Theme = "ink", Sender = new("Vigil", "news@nz.example.org"), BaseAddress = "http://nz.localhost",
        };
        await Task.WhenAll(Enumerable.Range(1, 9).Select(v => installed.Platform.Wire.Publish(Nz(v, v == 9 ? "Pacific/Auckland" : "Etc/UTC"))));
        await installed.Platform.Wire.Publish(Nz(3, "Etc/UTC"));
        await Wait.Until(() => installed.Platform.Query<string>("select data->>'timeZone' from authoring.mt_doc_knownedition where id = 'nz'"), z => z is ["Pacific/Auckland"], "the newest zone");
        Assert.Equal("2999-01-05T09:00:00+13:00", (await installed.Editor.ScheduleLocally(await installed.Approved(), "2999-01-05T09:00", "nz")).Must(200)["schedule"][0].GetProperty("local").GetString());
    }

    [Fact]
    public async Task Nothing_goes_out_before_its_embargo()
    {
        var id = await installed.Approved();
        var until = DateTimeOffset.UtcNow.AddHours(2);
        (await installed.Editor.Embargo(id, until)).Must(200);
        (await installed.Editor.Publish(id)).MustRefuse("article.embargoed");
        (await installed.Editor.Schedule(id, until.AddMinutes(-1))).MustRefuse("article.embargoed");
        (await installed.Editor.Schedule(id, until.AddMinutes(1))).Must(200);
        (await installed.Editor.Embargo(id, until.AddHours(1))).MustRefuse("article.scheduled-earlier", "until");
        Assert.Equal(JsonValueKind.Null, (await installed.Editor.Embargo(id, null)).Must(200)["embargo"].ValueKind);
        (await installed.Editor.Publish(id)).Must(200);
    }

    [Fact]
    public async Task What_may_go_out_no_more_when_it_is_due_is_missed_and_the_desk_says_why()
    {
        var account = Account.Person($"late {Guid.NewGuid()}", "writer");
        var late = installed.Platform.As(account);
        var id = (await late.Draft(Draft.Full())).Must(201).Id;
        (await late.Submit(id)).Must(200);
        (await installed.Editor.Approve(id)).Must(200);
        (await installed.Editor.Schedule(id, Soon)).Must(200);
        (await late.Protect(id)).Must(200);
        var missed = await Becomes(id, r => r["missed"].GetArrayLength() > 0, "missed");
        Assert.Equal(("unreleased", 0), (missed["release"].GetString(), missed["schedule"].GetArrayLength()));
        var line = Assert.Single((await late.List("?mine=true"))["items"].EnumerateArray());
        Assert.Equal(["au article.not-cleared", "de article.not-cleared"], line.GetProperty("missed").EnumerateArray().Select(m => $"{m.GetProperty("edition")} {m.GetProperty("code")}"));
        // Said once more, it goes out.
        (await installed.Safety.Clear(id)).Must(200);
        (await installed.Editor.Schedule(id, Soon)).Must(200);
        Assert.Equal(0, (await Becomes(id, r => r["release"].GetString() == "live", "live"))["missed"].GetArrayLength());
    }

    [Fact]
    public async Task What_was_withdrawn_or_taken_down_before_it_was_due_stays_away()
    {
        var (withdrawn, removed, dropped) = (await installed.Approved(), await installed.Approved(), await installed.Approved());
        foreach (var id in new[] { withdrawn, removed, dropped }) (await installed.Editor.Schedule(id, Soon)).Must(200);
        var duty = installed.Somebody("duty");
        Assert.Equal("withdrawn", (await duty.Withdraw(withdrawn)).Must(200)["release"].GetString());
        (await duty.TakeDown(removed)).Must(200);
        (await installed.Editor.Drop(dropped, "schedule")).Must(200);
        await Wait.Until(() => installed.Platform.Query<long>("select count(*) from authoring.due_releases where article in ($1, $2, $3)", withdrawn, removed, dropped), n => n[0] == 0, "all rows forgotten");
        foreach (var id in new[] { withdrawn, removed, dropped }) Assert.Equal(5, await installed.Events(id));
        // What never went out comes back by two all the same.
        (await installed.Editor.Publish(withdrawn)).Must(202);
        (await installed.Editor.Schedule(withdrawn, Soon)).MustRefuse("article.withdrawn");
    }

    [Fact]
    public async Task Each_goes_out_once_by_two_processes_of_which_one_is_killed()
    {
        var ids = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => installed.Approved()));
        var second = await installed.Platform.Add(Services.Authoring);
        var at = DateTimeOffset.UtcNow.AddSeconds(5);
        foreach (var id in ids) (await installed.Editor.Schedule(id, at)).Must(200);
        await Wait.Until(() => installed.Platform.Query<long>("select count(*) from authoring.mt_events where type = 'article.released.v2' and stream_id = any($1)", (object)ids), n => n[0] > 0, "the first is out", TimeSpan.FromSeconds(30));
        await second.Kill();
        await Wait.Until(() => installed.Platform.Query<long>("select count(*) from authoring.due_releases where article = any($1)", (object)ids), n => n[0] == 0, "none is due", TimeSpan.FromSeconds(60));
        foreach (var id in ids) Assert.Equal((5, "live"), (await installed.Events(id), (await installed.Editor.Read(id))["release"].GetString()));
        var told = await Wait.Until(() => Task.FromResult(installed.Released.Where(r => ids.Contains(r.ArticleId)).Select(r => (r.ArticleId, r.Version)).Distinct().ToArray()), t => t.Length == ids.Length, "each on the wire");
        Assert.All(told, t => Assert.Equal(5, t.Version));
    }
}
