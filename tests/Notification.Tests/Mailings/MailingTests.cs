using Vigil.Hosting;
using Vigil.Kit;
using Vigil.Notification.Dispatch;
using Vigil.Notification.Mailings;

namespace Vigil.Notification.Tests.Mailings;

public class MailingTests
{
    static readonly Guid Article = new("a1111111-1111-4111-8111-111111111111");
    static readonly EditionKey Au = new("au");
    static readonly Guid Id = Mailing.IdOf(Article, Au);
    static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    static readonly TextHash One = new("one"), Two = new("two");
    static readonly Gate Open = new() { Id = Article };

    static MailingPlanned Planned(long version, TextHash? text = null) => new(Article, Au, version, text ?? One, Noon, Noon);

    static readonly Story<Mailing> Waiting = Story<Mailing>.Given(Id, Planned(5));
    static readonly Story<Mailing> Wordless = Waiting.And(new MailingTextErased(One, Noon));
    static readonly Story<Mailing> Sending = Waiting.And(new MailingStarted(10, Noon));
    static readonly Story<Mailing> SendingWordless = Sending.And(new MailingTextErased(One, Noon));
    static readonly Story<Mailing> Stopped = Waiting.And(new MailingHalted(Halt.Withdrawn, 6, Noon));
    static readonly Story<Mailing> Halting = Sending.And(new MailingHalted(Halt.Withdrawn, 6, Noon));
    static readonly Story<Mailing> Finished = Sending.And(new MailingFinished(10, 0, 0, 0, Noon));

    static readonly FollowUp.Command Correction = new(Article, Au, 7, Occasion.Correction, Two, Two, Noon, Noon), Retraction = new(Article, Au, 8, Occasion.Retraction, Two, One, Noon, Noon);
    static FollowUpPlanned Planned(FollowUp.Command c) => new(c.Article, c.Edition, c.Version, c.Occasion, c.Text, c.Story, c.Due, c.At);

    static readonly Story<Mailing> Corrects = Story<Mailing>.Given(Mailing.FollowUpIdOf(Article, Au, 7), Planned(Correction));
    static readonly Story<Mailing> Retracts = Story<Mailing>.Given(Mailing.FollowUpIdOf(Article, Au, 8), Planned(Retraction));
    static readonly Story<Mailing> Notices = Story<Mailing>.Given(Mailing.NoticeIdOf(Id), new FollowUpPlanned(Article, Au, 9, Occasion.Notice, Mailing.Neutral, null, Noon, Noon));

    static Decision Plan(Gate gate, Mailing? mailing, long version, TextHash? text = null) => PlanMailing.Decide(gate, mailing, new(Article, Au, version, text ?? One, Noon, Noon));
    static Decision Halted(Mailing mailing, Halt halt, long version) => HaltMailing.Decide(mailing, new(halt, version, Noon));

    [Fact]
    public void A_publication_is_mailed() => Assert.Equal([Planned(5)], Assert.IsType<Decision.Recorded>(Plan(Open, null, 5)).Events);

    [Fact]
    public void Nothing_is_planned_twice()
    {
        Waiting.When(m => Plan(Open, m, 5)).ThenNothing();
        Waiting.When(m => Plan(Open, m, 4)).ThenNothing();
        foreach (var story in new[] { Sending, Halting, Finished, SendingWordless }) story.When(m => Plan(Open, m, 9)).ThenNothing();
    }

    [Fact]
    public void A_later_version_replaces_a_plan_of_which_nothing_has_left()
    {
        Waiting.When(m => Plan(Open, m, 7, Two)).Then(Planned(7, Two));
        Stopped.When(m => Plan(Open, m, 7, Two)).Then(Planned(7, Two));
        Assert.Equal(Stage.Waiting, Stopped.And(Planned(7)).State.Stage);
        Assert.Null(Stopped.And(Planned(7)).State.Halt);
    }

    [Fact]
    public void What_the_gate_stops_is_not_planned()
    {
        Assert.IsType<Decision.Unchanged>(Plan(Open.TakeDown(), null, 99));
        Assert.IsType<Decision.Unchanged>(Plan(Open.Withdraw(null, 6), null, 5));
        Assert.IsType<Decision.Unchanged>(Plan(Open.Withdraw(["au"], 6), null, 6));
        Assert.IsType<Decision.Recorded>(Plan(Open.Withdraw(["de"], 6), null, 5));
        Assert.IsType<Decision.Recorded>(Plan(Open.Withdraw(null, 6), null, 7));
    }

    [Fact]
    public void A_change_that_overtook_its_publication_gives_the_words()
    {
        var gate = Open.Remember(Au, new(7, Two));
        var command = new PlanMailing.Command(Article, Au, 5, One, Noon, Noon);
        Assert.Equal(command with { Version = 7, Text = Two }, PlanMailing.Newest(gate, command));
        Assert.Equal(command with { Version = 9 }, PlanMailing.Newest(gate, command with { Version = 9 }));
        Assert.Equal(command, PlanMailing.Newest(Open, command));
    }

    [Fact]
    public void What_has_not_left_is_reworded()
    {
        foreach (var story in new[] { Waiting, Wordless, Sending, SendingWordless })
        {
            story.When(m => RewordMailing.Decide(Open, m, new(7, Two, Noon))).Then(new MailingReworded(7, Two, Noon));
            story.When(m => RewordMailing.Decide(Open, m, new(5, Two, Noon))).ThenNothing();
            story.When(m => RewordMailing.Decide(Open.TakeDown(), m, new(7, Two, Noon))).ThenNothing();
        }
        foreach (var story in new[] { Stopped, Halting, Finished }) story.When(m => RewordMailing.Decide(Open, m, new(7, Two, Noon))).ThenNothing();
    }

    [Fact]
    public void An_ending_halts_what_is_not_newer()
    {
        foreach (var story in new[] { Waiting, Wordless, Sending, SendingWordless })
        {
            story.When(m => Halted(m, Halt.Withdrawn, 6)).Then(new MailingHalted(Halt.Withdrawn, 6, Noon));
            story.When(m => Halted(m, Halt.Withdrawn, 4)).ThenNothing();
            story.When(m => Halted(m, Halt.TakenDown, 4)).Then(new MailingHalted(Halt.TakenDown, 4, Noon));
        }
        foreach (var story in new[] { Stopped, Halting, Finished }) story.When(m => Halted(m, Halt.TakenDown, 9)).ThenNothing();
        Assert.Equal(Stage.Stopped, Stopped.State.Stage);
        Assert.Equal(Stage.Halting, Halting.State.Stage);
    }

    [Fact]
    public void An_erased_text_silences_its_mailing_until_there_are_new_words()
    {
        Waiting.When(m => EraseText.Decide(m, new(One, Noon))).Then(new MailingTextErased(One, Noon));
        Sending.When(m => EraseText.Decide(m, new(One, Noon))).Then(new MailingTextErased(One, Noon));
        Sending.When(m => EraseText.Decide(m, new(Two, Noon))).ThenNothing();
        Finished.When(m => EraseText.Decide(m, new(One, Noon))).ThenNothing();
        Assert.False(StartMailing.IsReady(Wordless.State, Noon));
        Assert.True(StartMailing.IsReady(Wordless.And(new MailingReworded(7, Two, Noon)).State, Noon));
    }

    [Fact]
    public void Without_new_words_it_is_given_up_after_an_hour()
    {
        foreach (var story in new[] { Wordless, SendingWordless })
        {
            story.When(m => EraseText.DecideInVain(m, Noon.AddHours(1))).ThenNothing();
            story.When(m => EraseText.DecideInVain(m, Noon.AddMinutes(61))).Then(new MailingHalted(Halt.TextErased, 5, Noon.AddMinutes(61)));
        }
        Waiting.When(m => EraseText.DecideInVain(m, Noon.AddYears(1))).ThenNothing();
    }

    [Fact]
    public void It_starts_when_it_is_due()
    {
        Waiting.When(m => StartMailing.Decide(m, 10, Noon.AddSeconds(-1))).ThenNothing();
        Waiting.When(m => StartMailing.Decide(m, 10, Noon)).Then(new MailingStarted(10, Noon));
        foreach (var story in new[] { Sending, Halting, Stopped, Finished, Wordless }) story.When(m => StartMailing.Decide(m, 10, Noon)).ThenNothing();
    }

    [Fact]
    public void It_finishes_when_every_reader_is_accounted_for()
    {
        Sending.When(m => FinishMailing.Decide(m, new(1, 9, 0, 0, 0), Noon)).ThenNothing();
        Sending.When(m => FinishMailing.Decide(m, new(0, 7, 1, 2, 3), Noon)).Then(new MailingFinished(7, 1, 2, 3, Noon));
        Halting.When(m => FinishMailing.Decide(m, new(0, 4, 6, 0, 0), Noon)).Then(new MailingFinished(4, 6, 0, 0, Noon));
        foreach (var story in new[] { Waiting, Stopped, Finished }) story.When(m => FinishMailing.Decide(m, new(0, 0, 0, 0, 0), Noon)).ThenNothing();
    }

    [Fact]
    public void Those_who_were_told_are_told_more_once_and_nobody_else_is()
    {
        foreach (var command in new[] { Correction, Retraction })
        {
            foreach (var story in new[] { Sending, SendingWordless, Halting, Finished })
            {
                Assert.Equal([Planned(command)], Assert.IsType<Decision.Recorded>(FollowUp.Decide(Open, story.State, null, command)).Events);
                Assert.IsType<Decision.Unchanged>(FollowUp.Decide(Open, story.State, Corrects.State, command));
                Assert.IsType<Decision.Unchanged>(FollowUp.Decide(Open.TakeDown(), story.State, null, command));
            }
            foreach (var unsent in new[] { null, Waiting.State, Wordless.State, Stopped.State }) Assert.IsType<Decision.Unchanged>(FollowUp.Decide(Open, unsent, null, command));
        }
        foreach (var gate in new[] { Open.Withdraw(null, 7), Open.Withdraw(["au"], 9), Open.Retract(), Open.Protect(8) }) Assert.IsType<Decision.Unchanged>(FollowUp.Decide(gate, Finished.State, null, Correction));
        foreach (var gate in new[] { Open.Withdraw(null, 6), Open.Withdraw(["de"], 9), Open.Protect(7) }) Assert.IsType<Decision.Recorded>(FollowUp.Decide(gate, Finished.State, null, Correction));
        Assert.IsType<Decision.Recorded>(FollowUp.Decide(Open.Withdraw(null, 6).Retract(), Finished.State, null, Retraction));
    }

    [Fact]
    public void An_ending_halts_the_follow_ups_that_it_makes_wrong()
    {
        foreach (var (halt, version) in new[] { (Halt.Withdrawn, 7L), (Halt.Retracted, 1L), (Halt.TakenDown, 1L) }) Corrects.When(m => Halted(m, halt, version)).Then(new MailingHalted(halt, version, Noon));
        Corrects.When(m => Halted(m, Halt.Withdrawn, 6)).ThenNothing();
        Retracts.When(m => Halted(m, Halt.TakenDown, 1)).Then(new MailingHalted(Halt.TakenDown, 1, Noon));
        foreach (var halt in new[] { Halt.Withdrawn, Halt.Retracted }) Retracts.When(m => Halted(m, halt, 99)).ThenNothing();
        foreach (var halt in Enum.GetValues<Halt>()) Notices.When(m => Halted(m, halt, 99)).ThenNothing();

        Corrects.When(m => HaltMailing.DecideProtected(m, 8, Noon)).Then(new MailingHalted(Halt.Protected, 8, Noon));
        Corrects.When(m => HaltMailing.DecideProtected(m, 7, Noon)).ThenNothing();
        foreach (var story in new[] { Waiting, Sending, Retracts, Notices }) story.When(m => HaltMailing.DecideProtected(m, 99, Noon)).ThenNothing();
    }

    [Fact]
    public void A_follow_up_whose_words_are_erased_is_given_up()
    {
        foreach (var story in new[] { Corrects, Retracts }) story.When(m => EraseText.Decide(m, new(Two, Noon))).Then(new MailingHalted(Halt.TextErased, story.State.ArticleVersion, Noon));
        Retracts.When(m => EraseText.Decide(m, new(One, Noon))).ThenNothing();
    }

    [Fact]
    public void A_notice_is_ordered_once_for_what_was_sent_and_removed()
    {
        var by = new OrderNotice.By(Article, Noon);
        foreach (var gate in new[] { Open.TakeDown(), Open.Withdraw(null, 6), Open.Withdraw(["au"], 6), Open.Protect(6) })
        {
            foreach (var story in new[] { Sending, Halting, Finished, Sending.And(new MailingReworded(9, Two, Noon)) }) story.When(m => OrderNotice.Decide(gate, m, by)).Then(new NoticeOrdered(Article, Noon));
            foreach (var story in new[] { Waiting, Stopped }) story.When(m => OrderNotice.Decide(gate, m, by)).ThenRefused("mailing.not-sent");
            foreach (var story in new[] { Corrects, Retracts, Notices }) story.When(m => OrderNotice.Decide(gate, m, by)).ThenRefused("mailing.follow-up");
        }
        foreach (var gate in new[] { Open, Open.Withdraw(null, 4), Open.Withdraw(["de"], 9), Open.Protect(5), Open.Retract() }) Finished.When(m => OrderNotice.Decide(gate, m, by)).ThenRefused("mailing.not-removed");
    }
}
