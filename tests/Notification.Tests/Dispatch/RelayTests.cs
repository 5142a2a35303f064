using Vigil.Contracts.Authoring;

using Vigil.Notification.Dispatch;

namespace Vigil.Notification.Tests.Dispatch;

/// <summary>A relay that is slow, unfriendly or gone, and a service that is killed: one after the other, on an installation of their own.</summary>
public sealed class RelayTests(RelayTests.Own own) : IClassFixture<RelayTests.Own>
{
    const int Connections = 4;

    public sealed class Own : IAsyncLifetime
    {
        Platform? _platform;

        public Platform Platform => _platform!;

        public async ValueTask InitializeAsync() => _platform = await Installed.Start(("Notification__Connections", $"{Connections}"));

        public ValueTask DisposeAsync() => _platform?.DisposeAsync() ?? default;
    }

    Platform Platform => own.Platform;
    Instance Service => Platform[Services.Notification];
    SmtpSink Relay => Platform.Mail;

    /// <summary>Lets the minutes pass that rows rest. One that was handed over so long ago is nobody's any more; a hand-over takes milliseconds.</summary>
    Task<IReadOnlyList<Guid>> Pass(double secondsInHand = 2) => Platform.Query<Guid>(
        "update notification.deliveries set free_at = now() where state = 0 and free_at > now() and (not handing or free_at < now() + $1) returning subscriber",
        Delivery.HandingLease - TimeSpan.FromSeconds(secondsInHand));

    async Task PassUntilFinished(Site site, Guid article) => await Wait.Until(async () =>
    {
        await Pass();
        return (await site.Mailing(article))["state"].GetString();
    }, state => state == "finished", "the mailing finished");

    [Fact]
    public async Task A_temporary_refusal_is_tried_again_with_the_same_mail()
    {
        var site = await Site.Open(Platform);
        var address = (await site.Fill(1))[0];
        var seen = new List<string>();
        Relay.OnData = mail =>
        {
            seen.Add(mail.Message.MessageId!);
            return seen.Count <= 2 ? "451 4.3.0 later" : null;
        };
        var story = site.Story();
        await Platform.Wire.Publish(story);
        await Wait.Until(() => Task.FromResult(seen.Count), n => n == 1, "the first try");
        var pending = await Wait.Until(() => Platform.Query<DateTime>("select free_at from notification.deliveries d join notification.contacts c using (subscriber) where c.edition = $1 and d.state = 0 and not d.handing", site.Key),
            rows => rows.Count == 1 && rows[0] > DateTime.UtcNow.AddSeconds(40), "a rest of a minute");
        Assert.InRange(pending[0], DateTime.UtcNow, DateTime.UtcNow.AddSeconds(61));
        await PassUntilFinished(site, story.ArticleId);
        Relay.OnData = null;
        Assert.Equal(3, seen.Count);
        Assert.Single(seen.Distinct());
        Assert.Single(Relay.To(address));
        Assert.Equal(0, (await site.Mailing(story.ArticleId))["repeats"].GetInt32());
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 2)]
    public async Task A_final_refusal_is_asked_once_recorded_and_nobody_else_s_loss(bool atRecipient, short reason)
    {
        var site = await Site.Open(Platform);
        var addresses = await site.Fill(3);
        var asked = 0;
        if (atRecipient) Relay.OnRecipient = to => to == addresses[1] && Interlocked.Increment(ref asked) > 0 ? "550 5.1.1 unknown" : null;
        else Relay.OnData = mail => mail.To == addresses[1] && Interlocked.Increment(ref asked) > 0 ? "554 5.7.1 no" : null;
        var story = site.Story();
        var mailing = await site.Publish(story);
        (Relay.OnRecipient, Relay.OnData) = (null, null);
        Assert.Equal((2, 1, 0), (mailing.GetProperty("sent").GetInt32(), mailing.GetProperty("failed").GetInt32(), mailing.GetProperty("skipped").GetInt32()));
        Assert.Equal(1, asked);
        Assert.Equal([reason], await Platform.Query<short>("select reason from notification.deliveries d join notification.contacts c using (subscriber) where c.edition = $1 and state = 3", site.Key));
        Assert.DoesNotContain(Service.Log, line => line.Contains(addresses[1], StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public async Task A_connection_that_ends_before_the_answer_repeats_that_mail_under_the_same_id(bool kept, int copies)
    {
        var site = await Site.Open(Platform);
        var addresses = await site.Fill(3);
        var dropped = 0;
        bool Drops(Mail mail) => mail.To == addresses[0] && Interlocked.Exchange(ref dropped, 1) == 0;
        if (kept) Relay.DropsAfter = Drops;
        else Relay.DropsBefore = Drops;
        var story = site.Story();
        await Platform.Wire.Publish(story);
        await Wait.Until(() => Task.FromResult(dropped), n => n == 1, "the connection dropped");
        await PassUntilFinished(site, story.ArticleId);
        (Relay.DropsBefore, Relay.DropsAfter) = (null, null);

        var mailing = (await site.Mailing(story.ArticleId)).Body;
        Assert.Equal((3, 1), (mailing.GetProperty("sent").GetInt32(), mailing.GetProperty("repeats").GetInt32()));
        Assert.Equal(copies, Relay.To(addresses[0]).Count);
        Assert.Single(Relay.To(addresses[0]).Select(m => m.Message.MessageId).Distinct());
        Assert.All(addresses.Skip(1), address => Assert.Single(Relay.To(address)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_story_that_ends_midway_stops_from_one_mail_to_the_next(bool takenDown)
    {
        const int readers = 200;
        var site = await Site.Open(Platform);
        var addresses = await site.Fill(readers);
        Relay.Delay = TimeSpan.FromMilliseconds(150);
        var story = site.Story();
        await Platform.Wire.Publish(story);
        await Wait.Until(() => Task.FromResult(Got()), n => n >= 4, "the first mails");
        if (takenDown) await Platform.Wire.Publish(new ArticleTakenDown { ArticleId = story.ArticleId, Version = 2, At = DateTimeOffset.UtcNow });
        else await Platform.Wire.Publish(new ArticleWithdrawn { ArticleId = story.ArticleId, Version = 2, At = DateTimeOffset.UtcNow });
        await Wait.Until(async () => (await site.Mailing(story.ArticleId))["halt"].GetString(), halt => halt is not null, "the mailing halted");
        // What is on the wire at that moment, arrives: one for each connection.
        var atMost = Got() + Connections;
        var mailing = await site.Mailing(story.ArticleId, "finished");
        Relay.Delay = default;
        var (sent, skipped) = (mailing.GetProperty("sent").GetInt32(), mailing.GetProperty("skipped").GetInt32());
        Assert.Equal(readers, sent + skipped);
        Assert.Equal(sent, Got());
        Assert.InRange(sent, 4, Math.Min(atMost, readers - 1));
        Assert.Equal(takenDown ? "taken-down" : "withdrawn", mailing.GetProperty("halt").GetString());

        int Got() => Relay.Mails.Count(m => addresses.Contains(m.To));
    }

    [Fact]
    public async Task A_restart_sends_nothing_again()
    {
        var site = await Site.Open(Platform);
        var address = (await site.Fill(1))[0];
        var story = site.Story();
        await site.Publish(story);
        await Service.Stop();
        await Service.Start();
        await Platform.Wire.Publish(story);
        await site.Publish(site.Story());
        Assert.Equal(2, Relay.To(address).Count);
        Assert.Single(Relay.To(address), m => m.Subject == story.Text.Headline);
    }

    [Fact]
    public async Task Mails_that_were_taken_while_the_database_was_away_are_written_down_before_any_is_claimed_again()
    {
        const int readers = 4 * Claim.Most;
        var site = await Site.Open(Platform);
        var addresses = (await site.Fill(readers)).ToHashSet();
        var (onTheWire, first) = (0, default(Mail));
        using ManualResetEventSlim answerFirst = new(), answerOthers = new();
        Relay.OnData = mail =>
        {
            var isFirst = Interlocked.Increment(ref onTheWire) == 1;
            if (isFirst) first = mail;
            return (isFirst ? answerFirst : answerOthers).Wait(TimeSpan.FromSeconds(30)) ? null : "451 4.3.0 later";
        };
        var story = site.Story();
        await Platform.Wire.Publish(story);
        await Wait.Until(() => Task.FromResult(onTheWire), n => n == Connections, "a mail on each connection");

        // One worker cannot write that its mail was taken, and rests; its row is anybody's when the database is back for the others.
        await Platform.Query<int>("revoke update on notification.deliveries from notification");
        answerFirst.Set();
        await Wait.Until(() => Task.FromResult(Service.Log.Any(line => line.Contains("cut short", StringComparison.Ordinal))), cut => cut, "a worker noticed");
        var handing = await Platform.Query<Guid[]>("select array[mailing, subscriber] from notification.deliveries where handing");
        var row = handing.Single(r => first!.Message.MessageId!.Contains($"{new Delivery(r[0], r[1], 0, 0).Letter}", StringComparison.Ordinal));
        await Platform.Query<int>("update notification.deliveries set free_at = now() where subscriber = $1", row[1]);
        await Platform.Query<int>("grant update on notification.deliveries to notification");
        answerOthers.Set();
        await PassUntilFinished(site, story.ArticleId);
        Relay.OnData = null;

        var mailing = (await site.Mailing(story.ArticleId)).Body;
        Assert.Equal((readers, 0), (mailing.GetProperty("sent").GetInt32(), mailing.GetProperty("repeats").GetInt32()));
        Assert.Equal(readers, Got().Count);

        List<Mail> Got() => [.. Relay.Mails.Where(m => addresses.Contains(m.To))];
    }

    [Fact]
    public async Task A_killed_process_loses_no_reader_and_repeats_at_most_one_mail_for_each_connection()
    {
        const int readers = 300;
        var site = await Site.Open(Platform);
        var addresses = (await site.Fill(readers)).ToHashSet();
        Relay.Delay = TimeSpan.FromMilliseconds(50);
        var story = site.Story();
        await Platform.Wire.Publish(story);
        await Wait.Until(() => Task.FromResult(Got().Count), n => n >= 60, "the first mails");
        await Service.Kill();
        Relay.Delay = default;
        Assert.InRange(Got().Count, 60, readers - 1);
        await Pass(secondsInHand: 0);
        await Service.Start();
        var mailing = await site.Mailing(story.ArticleId, "finished");

        var copies = Got().GroupBy(m => m.To).ToDictionary(g => g.Key, g => g.ToList());
        Assert.Equal(readers, copies.Count);
        Assert.InRange(copies.Values.Count(c => c.Count > 1), 0, Connections);
        Assert.All(copies.Values, c => Assert.InRange(c.Count, 1, 2));
        Assert.All(copies.Values, c => Assert.Single(c.Select(m => m.Message.MessageId).Distinct()));
        Assert.Equal((readers, readers, 0), (mailing.GetProperty("audience").GetInt32(), mailing.GetProperty("sent").GetInt32(), mailing.GetProperty("failed").GetInt32()));
        // Each of the connections had one on the wire, of which nobody can know.
        Assert.InRange(mailing.GetProperty("repeats").GetInt32(), copies.Values.Count(c => c.Count > 1), Connections);

        List<Mail> Got() => [.. Relay.Mails.Where(m => addresses.Contains(m.To))];
    }
}
