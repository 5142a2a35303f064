using System.Diagnostics;
using System.Text.RegularExpressions;
using Vigil.Kit;

namespace Vigil.Chaos;

/// <param name="Took">From the fault's end, of a kill from its beginning, until a story has gone from its draft to every edition.</param>
/// <param name="Slowest">Of the stories after that one.</param>
/// <param name="Ready">From the kill until what was killed is ready again.</param>
sealed record Recovery(string Fault, TimeSpan Took, TimeSpan Promised, TimeSpan Slowest, TimeSpan? Ready);

/// <summary>What goes wrong, one thing after the other, in an order that the seed gives; after each the time is taken until a story goes all the way again.</summary>
sealed class Faults(Platform platform, History history, Form form, int seed, Func<string, Task> say)
{
    static readonly TimeSpan AfterKill = TimeSpan.FromSeconds(5), AfterRestart = TimeSpan.FromSeconds(15), AfterPartition = TimeSpan.FromSeconds(30);

    readonly List<(TimeSpan From, TimeSpan To)> _databaseAway = [];
    // What was killed comes up again while the other instance does the work.
    Task? _again;
    readonly List<Recovery> _recoveries = [];

    public IReadOnlyList<Recovery> Recoveries => _recoveries;

    /// <summary>While the database is away nobody can be told; what was acknowledged just before is dark once it is back, and told.</summary>
    public TimeSpan Grace(TimeSpan ended)
    {
        var grace = TimeSpan.FromSeconds(5);
        lock (_databaseAway)
            foreach (var (from, to) in _databaseAway)
                if (ended < to && ended + grace > from) grace += to - (ended > from ? ended : from);
        return grace;
    }

    (string Name, TimeSpan Promised, Func<Task> Do)[] All =>
    [
        .. new[] { Services.Authoring, Services.Publishing, Services.Notification, Services.Gateway }
            .SelectMany(s => platform.All(s).Select((instance, i) => ($"kill -9 of {s} {i + 1}".ToLowerInvariant(), AfterKill, (Func<Task>)(async () => { await instance.Kill(); _again = instance.Start(); })))),
        ($"broker away {form.Away.TotalSeconds:0} s", AfterRestart, async () => { await platform.RabbitMq.Stop(); await Task.Delay(form.Away); await platform.RabbitMq.Start(); }),
        ("database restarted at once", AfterRestart, () => DatabaseAway(platform.Postgres.Restart)),
        ("ten commits whose answers are lost", AfterPartition, async () => { platform.ToPostgres!.CutAfterCommit(10); await Task.Delay(2000); platform.ToPostgres.CutAfterCommit(0); }),
        ("every connection reset", AfterPartition, () => { platform.ToPostgres!.Reset(); platform.ToRabbitMq!.Reset(); return Task.CompletedTask; }),
        ("network 20 ± 20 ms slower", AfterPartition, async () => { Slow(TimeSpan.FromMilliseconds(20)); await Task.Delay(5000); Slow(TimeSpan.Zero); }),
        ("broker's network a black hole", AfterPartition, async () => { platform.ToRabbitMq!.IsBlackHole = true; await Task.Delay(6000); platform.ToRabbitMq.IsBlackHole = false; }),
        ($"broker out of memory {form.Alarm.TotalSeconds:0} s", AfterRestart, () => Alarm(["set_vm_memory_high_watermark", "0.0001"], ["set_vm_memory_high_watermark", "0.6"])),
        ($"broker out of disk {form.Alarm.TotalSeconds:0} s", AfterRestart, () => Alarm(["set_disk_free_limit", "100000GB"], ["set_disk_free_limit", "1GB"])),
        .. form.DatabaseAway > TimeSpan.Zero ? new (string, TimeSpan, Func<Task>)[]
        {
            ($"database away {form.DatabaseAway.TotalSeconds:0} s", AfterRestart, () => DatabaseAway(async () => { await platform.Postgres.Stop(); await Task.Delay(form.DatabaseAway); await platform.Postgres.Start(); })),
        } : [],
    ];

    /// <param name="only">Those whose names this regular expression finds.</param>
    public async Task Run(string only)
    {
        await Settle(stories: 30);
        await say($"{history.Now.TotalSeconds,6:0.0} s  warm; {history.Counts.Acknowledged} commands acknowledged");
        for (var round = 0; round < form.Rounds; round++)
        {
            var faults = All.Where(f => Regex.IsMatch(f.Name, only)).ToArray();
            new Random(seed + round).Shuffle(faults);
            foreach (var (name, promised, fault) in faults)
            {
                _again = null;
                await fault();
                var watch = Stopwatch.StartNew();
                await Through();
                var took = watch.Elapsed;
                if (_again is not null) await _again;
                TimeSpan? ready = _again is null ? null : watch.Elapsed;
                await say($"{history.Now.TotalSeconds,6:0.0} s  {name}: a story went all the way after {took.TotalSeconds:0.0} s; {history.Counts.Acknowledged} commands acknowledged");
                _recoveries.Add(new(name, took, promised, await Settle(stories: 5), ready));
            }
        }
    }

    /// <summary>What has never run is slow the first time, which is not the next fault's doing. Returns how long the slowest story took.</summary>
    async Task<TimeSpan> Settle(int stories)
    {
        var slowest = TimeSpan.Zero;
        for (var quick = 0; quick < 3 && stories > 0; stories--)
        {
            var watch = Stopwatch.StartNew();
            await Through();
            quick = watch.Elapsed < TimeSpan.FromSeconds(1) ? quick + 1 : 0;
            if (watch.Elapsed > slowest) slowest = watch.Elapsed;
            await Task.Delay(1000);
        }
        return slowest;
    }

    /// <summary>A story from its draft to every edition.</summary>
    async Task Through()
    {
        var tale = new Tale($"chaos{Guid.NewGuid().ToString("n")[..12]}");
        history.Tales[tale.Word] = tale;
        tale.Id = (await history.Insist("draft", 201, key => platform.As(Account.Writer).Draft(Draft.Full($"Story {tale.Word}").With("slug", tale.Slug), key))).Id;
        await history.Insist("submission", 200, key => platform.As(Account.Writer).Do(tale.Id, "submission", key: key));
        await history.Insist("approval", 200, key => platform.As(Account.Editor).Do(tale.Id, "approval", key: key));
        tale.ReleaseAsked(history.Now);
        tale.Ends = 200;
        await history.Insist("publication", 200, key => platform.As(Account.Publisher).Do(tale.Id, "publication", key: key));
        tale.Expected.AddRange(["article.drafted", "article.submitted", "article.approved", "article.released"]);
        foreach (var edition in new[] { "au", "de" }) await platform.Live(tale.Id, edition, within: TimeSpan.FromMinutes(3));
    }

    async Task DatabaseAway(Func<Task> away)
    {
        var from = history.Now;
        // Open until it is over, so that whatever is judged meanwhile knows.
        lock (_databaseAway) _databaseAway.Add((from, TimeSpan.MaxValue / 2));
        await away();
        lock (_databaseAway) _databaseAway[^1] = (from, history.Now);
    }

    async Task Alarm(string[] raise, string[] clear)
    {
        await platform.RabbitMq.Control(["-q", .. raise]);
        await Task.Delay(form.Alarm);
        await platform.RabbitMq.Control(["-q", .. clear]);
    }

    void Slow(TimeSpan by)
    {
        foreach (var proxy in new[] { platform.ToPostgres!, platform.ToRabbitMq! }) (proxy.Delay, proxy.Jitter) = (by, by);
    }
}
