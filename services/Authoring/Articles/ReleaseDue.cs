using System.Collections.Immutable;
using Marten;
using Vigil.Hosting;

namespace Vigil.Authoring.Articles;

/// <summary>
/// What is scheduled and due goes out, as the command of whoever scheduled it, if it still may; else it is recorded as missed, with the cause.
/// Each process sleeps until the next moment, or is woken when an earlier one is set.
/// </summary>
public sealed class ReleaseDue(IDocumentStore store, IConfiguration configuration, TimeProvider clock, ILogger<ReleaseDue> log) : BackgroundService
{
    static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>All that is due by now of what one person scheduled with the same mail, at once: one release for several editions.</summary>
    public static Decision Decide(Article article, DateTimeOffset now)
    {
        if (article.Schedule.FirstOrDefault(s => s.At <= now) is not { } first) return Decision.Nothing;
        var editions = article.Schedule.Where(s => s.At <= now && s.By == first.By && s.Mail == first.Mail).Select(s => s.Edition).ToImmutableArray();
        // Nobody's wish to bring it back is confirmed by a clock.
        return PublishArticle.Decide(article with { Proposal = null }, new(first.By, IsMachine: false, editions, first.Mail, now)) switch
        {
            Decision.Recorded { Events: [ArticleReleased] } released => released,
            Decision.Refused { Faults: [{ Code: var code }, ..] } => Missed(Why(code)),
            _ => Missed(Miss.Withdrawn),
        };

        Decision Missed(Miss why) => Decision.Record(new ReleaseMissed(first.By, editions, why, now));
    }

    static Miss Why(string code) => Reasons.Single(r => r.Value == code).Key;

    /// <summary>The code with which the desk says why nothing went out.</summary>
    public static IReadOnlyDictionary<Miss, string> Reasons { get; } = new Dictionary<Miss, string>
    {
        [Miss.NotApproved] = "article.not-approved",
        [Miss.NotCleared] = "article.not-cleared",
        [Miss.Embargoed] = "article.embargoed",
        [Miss.Withdrawn] = "article.withdrawn",
        [Miss.Live] = "article.live",
    };

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var latch = new SemaphoreSlim(0, 1);
        var listening = Signal.Listen(configuration.GetConnectionString("Postgres")!, DueRow.Channel, Wake, stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = TimeSpan.FromSeconds(1);
            try
            {
                while (await DueRow.Claim(store, Now(), stoppingToken) is { } row) await Release(row, stoppingToken);
                pause = (await DueRow.Next(store, stoppingToken) ?? DateTimeOffset.MaxValue) - Now();
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // The row is free again in a moment.
                log.LogWarning("Scheduled releases wait ({Fault})", e.GetType().Name);
            }
            pause = pause < TimeSpan.Zero ? TimeSpan.Zero : pause > Longest ? Longest : pause;
            try { await latch.WaitAsync(pause + TimeSpan.FromMilliseconds(1), stoppingToken); }
            catch (OperationCanceledException) { break; }
        }
        await listening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        void Wake()
        {
            lock (latch)
                if (latch.CurrentCount == 0) latch.Release();
        }
    }

    async Task Release(DueRow row, CancellationToken ct)
    {
        var now = Now();
        var command = new Command(new Caller(row.By, IsMachine: false), now, Expected: null, Receipt: null, BodyHash: null);
        await store.Handle<Article>(row.Article, command, "article.unknown", article => Decide(article, now), ct);
        await row.Done(store, ct);
    }

    DateTimeOffset Now()
    {
        var now = clock.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }
}
