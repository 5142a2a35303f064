using System.Net.Http.Headers;
using Npgsql;

namespace Vigil.Journeys;

/// <summary>What was removed stays removed, and nobody is mailed twice, also when the database is put back to what it was before.</summary>
[Trait("kind", "drill")]
public sealed class RestoreTests : IAsyncLifetime
{
    static readonly Services[] Keepers = [Services.Authoring, Services.Publishing, Services.Notification];

    Platform? _platform;

    Platform Platform => _platform!;

    public async ValueTask InitializeAsync() => _platform = await Platform.Start(Services.Story);

    public ValueTask DisposeAsync() => _platform?.DisposeAsync() ?? default;

    [Fact]
    public async Task A_restore_brings_back_nothing_that_was_removed_and_mails_nobody_twice()
    {
        var words = $"elderberry{Guid.NewGuid():N}";
        var (stays, leaves) = (await new Reader(Platform, "au").Confirmed(), await new Reader(Platform, "au").Confirmed());
        var (taken, kept, narrowed, erased) = (await Publish(), await Publish(), await Publish(), await Publish($"About {words}"));
        await Mailed(stays, 4);
        await Mailed(leaves, 4);

        // Under way when the backup is taken: in a queue, and mailed only afterwards.
        await Platform[Services.Notification].Stop();
        var underWay = await Publish();
        await Platform.Live(underWay, "au");
        var backup = await Platform.Backup();
        await Platform[Services.Notification].Start();
        await Mailed(stays, 5);

        await TheLedgerIsAwayMeanwhile(stays);
        (await Platform.As(Account.Safety).TakeDown(taken)).Must(200);
        (await Platform.As(Account.Safety).Withdraw(erased)).Must(200);
        (await Platform.As(Account.Safety).Erase(erased, 1)).Must(200);
        (await Platform.As(Account.Duty).Withdraw(narrowed, null, "de")).Must(200);
        await Mailed(leaves, 6);
        (await leaves.OneClick(leaves.News[0])).Must(200);
        var key = $"{Guid.NewGuid()}";
        var (lost, lostVersion) = await PublishUnder(key, Draft.Headline("Lost and written again"));
        await Mailed(stays, 7);
        await Platform.Dark(taken, "au", 410);
        await Wait.Until(() => Platform.QueryLedger<string>("select kind from ledger.removals order by place"), k => k is [.., "taken-down", "withdrawn", "text-erased", "withdrawn"], "the removals in the ledger");
        await Wait.Until(() => Platform.QueryLedger<long>("select count(*) from ledger.departures"), n => n is [1], "the departure in the ledger");
        var ledger = await Platform.QueryLedger<Guid>("select event from ledger.removals order by event");

        foreach (var service in Keepers) await Platform[service].Kill();
        var restore = Guid.NewGuid();
        var beforeItsEnd = Wait.Until(() => Platform.Query<bool>("select exists (select from pg_database where datname = current_database() || '_new')"), found => found is [true], "the restore under way");
        await Assert.ThrowsAsync<InvalidOperationException>(() => Platform.PutBack(backup, restore, until: beforeItsEnd));
        await Platform.PutBack(backup, restore);
        await Platform.PutBack(backup, restore);

        // Nothing was done again yet: what this test looks for is there to be found, and nothing opens.
        var mails = Platform.AllMail.Count;
        Assert.NotEmpty(await Violations());
        foreach (var service in Keepers) await Platform[service].StartHeld();
        await KillReapply(Platform[Services.Authoring]);
        await NothingOpens();
        await Platform[Services.Authoring].Reapply();
        await Platform[Services.Publishing].Reapply();
        await NothingOpens();
        Assert.Equal(mails, Platform.AllMail.Count);
        await Platform[Services.Notification].Reapply();
        foreach (var service in Keepers) await Platform[service].Ready();

        await Platform.Dark(taken, "au", 410);
        await Platform.Dark(taken, "de", 410);
        await Platform.Dark(narrowed, "de", 404);
        foreach (var id in new[] { kept, narrowed, underWay }) await Platform.Live(id, "au");
        Assert.Equal("taken-down", (await Platform.As(Account.Editor).Read(taken)).Must(200)["release"].GetString());
        Assert.Equal(404, (await Platform.Read(lost, "au")).Status);
        Assert.Empty(await Violations());
        Assert.Equal(ledger, await Platform.QueryLedger<Guid>("select event from ledger.removals order by event"));

        // Written again by a client that repeats its request: the same story, newer than any that was ever seen, mailed to nobody who had it.
        var (again, version) = await PublishUnder(key, Draft.Headline("Lost and written again"));
        Assert.Equal(lost, again);
        var shown = await Platform.Live(again, "au");
        Assert.True(shown["version"].GetInt64() > lostVersion + version);
        await Publish();
        await Mailed(stays, 8);
        await Wait.Until(() => Platform.Query<long>("select count(*) from notification.mt_doc_mailing where is_open"), n => n is [0], "every mailing finished");
        // What was in a queue when the backup was taken was said again, and so was everything.
        Assert.Equal([2L], await Platform.Query<long>("select count(*) from notification.mt_doc_mailing where data->>'article' = $1", $"{underWay}"));
        foreach (var service in Keepers)
            await Wait.Until(() => Platform.Query<string>($"select name from {service}.mt_event_progression where name like '%:All' and last_seq_id < (select max(seq_id) from {service}.mt_events)"), behind => behind is [], $"the lanes of {service}");
        Assert.Equal([3L], await Platform.Query<long>("select count(*) from authoring.mt_event_progression where name in ('releases:All', 'endings:All', 'ledger:All')"));
        Assert.Equal(8, stays.News.Count);
        Assert.Equal(stays.News.Count, stays.News.Select(m => m.Message.MessageId).Distinct().Count());
        Assert.Equal(6, leaves.News.Count);
        Assert.Empty(await Platform.Wire.Errors());
        Assert.Equal(["authoring", "notification", "publishing"], await Platform.QueryLedger<string>("select service from ledger.reapplied where restore = $1 order by 1", restore));

        async Task<Guid> Publish(string? headline = null) => (await new Client(Platform).Publish(Draft.Full(headline))).Id;

        async Task<IReadOnlyList<string>> Violations()
        {
            List<string> found = [.. await Platform.InTables(words)];
            found.AddRange(await Platform.Query<string>("select 'live ' || (data->>'edition') from publishing.mt_doc_publicarticle where data->>'article' = any($1)", (object)new[] { $"{taken}", $"{erased}" }));
            found.AddRange(await Platform.Query<string>("select 'live de' from publishing.mt_doc_publicarticle where data->>'article' = $1 and data->>'edition' = 'de'", $"{narrowed}"));
            if (await Platform.Query<long>("select count(*) from notification.contacts") is not [1]) found.Add("a reader who left");
            return found;
        }
    }

    /// <summary>The gateway says why, the services that they are not ready, to people in words.</summary>
    async Task NothingOpens()
    {
        foreach (var service in Keepers) Assert.Equal(503, (await Platform.Send(new HttpRequestMessage(HttpMethod.Get, new Uri(Platform[service].Url, "/health/ready")))).Status);
        var page = new HttpRequestMessage(HttpMethod.Get, Platform.At("/", "au.localhost"));
        page.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/html"));
        Assert.Contains("<h1>Back soon</h1>", (await Platform.Send(page)).Must(503).Text, StringComparison.Ordinal);
        (await Platform.Get("au", "/api/content/v1/editions/au/articles")).MustBe(503, "server.restoring");
    }

    /// <summary>Killed as soon as it has begun to write.</summary>
    async Task KillReapply(Instance service)
    {
        var begun = Wait.Until(() => Platform.Query<long>("select count(*) from authoring.mt_events where seq_id > (select after from authoring.restores)"), n => n is [> 0], "something done again");
        try { await service.Reapply(until: begun); }
        catch (InvalidOperationException) { }
    }

    /// <summary>A story with mail, drafted under this key.</summary>
    async Task<(Guid Id, long Version)> PublishUnder(string key, string headline)
    {
        var id = (await Platform.As(Account.Writer).Draft(Draft.Full(headline), key)).Must(201).Id;
        (await Platform.As(Account.Writer).Submit(id)).Must(200);
        (await Platform.As(Account.Editor).Approve(id)).Must(200);
        return (id, (await Platform.As(Account.Publisher).Publish(id)).Must(200).Version);
    }

    /// <summary>Mail waits until the ledger takes its claims; a removal waits for nothing, and is there afterwards.</summary>
    async Task TheLedgerIsAwayMeanwhile(Reader reader)
    {
        var before = reader.News.Count;
        await Ledger(open: false);
        var (id, _) = await new Client(Platform).Publish(Draft.Full());
        await Platform.Live(id, "au");
        await Wait.Until(() => Task.FromResult(Platform[Services.Notification].Log.Any(l => l.Contains("the ledger takes nothing", StringComparison.Ordinal))), said => said, "mail waiting for the ledger");
        var gone = await Platform.Publish(Draft.Full(), "none");
        await Platform.Live(gone, "au");
        (await Platform.As(Account.Duty).TakeDown(gone)).Must(200);
        await Platform.Dark(gone, "au", 410);
        Assert.Equal(before, reader.News.Count);
        await Ledger(open: true);
        await Mailed(reader, before + 1);
        await Wait.Until(() => Platform.QueryLedger<Guid>("select article from ledger.removals"), r => r is [var only] && only == gone, "the removal in the ledger");
    }

    async Task Ledger(bool open)
    {
        var name = (await Platform.Query<string>("select current_database() || '_ledger'"))[0];
        await Platform.Query<int>($"alter database {name} allow_connections {(open ? "true" : "false")}");
        if (!open) await Platform.Query<bool>("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", name);
    }

    static Task<int> Mailed(Reader reader, int mails) => Wait.Until(() => Task.FromResult(reader.News.Count), n => n >= mails, $"{mails} mails to {reader.Address}", TimeSpan.FromMinutes(1));

    [Fact]
    public async Task No_service_changes_what_the_ledger_has_or_reads_another_s_readers()
    {
        foreach (var (role, statement) in new[]
        {
            ("authoring", "update ledger.removals set article = article"), ("authoring", "delete from ledger.removals"), ("authoring", "truncate ledger.removals"),
            ("authoring", "select * from ledger.claims"), ("authoring", "select * from ledger.departures"), ("publishing", "select * from ledger.departures"),
            ("publishing", "insert into ledger.removals (event, article, version, kind, at) values (gen_random_uuid(), gen_random_uuid(), 1, 'taken-down', now())"),
            ("notification", "delete from ledger.claims"), ("notification", "update ledger.departures set reader = reader"),
            ("notification", "insert into ledger.restores (id, backup, taken, by_uid) values (gen_random_uuid(), gen_random_uuid(), now(), 0)"),
            ("notification", "insert into ledger.reapplied (restore, service) values (gen_random_uuid(), 'authoring')"),
            ("publishing", "create table ledger.mine (id int)"), ("publishing", "create schema mine"),
        })
        {
            await using var connection = new NpgsqlConnection(Platform.LedgerOf(role));
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var command = new NpgsqlCommand(statement, connection);
            var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
            Assert.True(refused.SqlState == PostgresErrorCodes.InsufficientPrivilege, $"{role}: {statement}: {refused.SqlState}");
        }
        var identity = await Assert.ThrowsAsync<PostgresException>(async () =>
        {
            await using var connection = new NpgsqlConnection(Platform.LedgerOf("identity"));
            await connection.OpenAsync(TestContext.Current.CancellationToken);
        });
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, identity.SqlState);
    }
}
