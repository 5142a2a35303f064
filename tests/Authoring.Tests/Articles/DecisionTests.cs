using System.Collections.Immutable;
using System.Text;
using Vigil.Authoring.Articles;
using Vigil.Hosting;
using Vigil.Kit;
using static Vigil.Authoring.Tests.Articles.Cast;

namespace Vigil.Authoring.Tests.Articles;

/// <summary>People, texts and states that the tests of the article share.</summary>
static class Cast
{
    public static readonly Guid Id = new("11111111-1111-4111-8111-111111111111"), Ann = new("aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa"),
        Bob = new("bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb"), Cleo = new("cccccccc-cccc-4ccc-8ccc-cccccccccccc");
    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    public static readonly TextHash One = new("one"), Two = new("two"), Why = new("why");
    public static readonly EditionKey Au = new("au"), De = new("de");
    public static readonly ImmutableArray<EditionKey> Both = [Au, De];

    public static readonly EditionKey Fr = new("fr");
    public static readonly TextHash Three = new("three"), Note = new("note"), Sorry = new("sorry");

    static readonly Story<Article> Start = Story<Article>.Given(Id, new ArticleDrafted(Ann, One, Both, Noon));
    static readonly Story<Article> Submitted = Start.And(new ArticleSubmitted(Ann, One, Noon));
    static readonly Story<Article> Signed = Submitted.And(new ArticleApproved(Bob, One, Noon));
    static readonly Story<Article> Planned = Signed.And(new ReleaseScheduled(Bob, [new(Au, Noon.AddHours(1)), new(De, Noon.AddHours(2))], MailWish.Now, Noon));
    static readonly Story<Article> Out = Signed.And(Released(One, ReleaseKind.First));
    static readonly Story<Article> Second = Out.And(new ArticleRevised(Ann, Two, Both, Noon), new ArticleSubmitted(Ann, Two, Noon), new ArticleApproved(Bob, Two, Noon));
    static readonly Story<Article> Dark = Out.And(new ArticleWithdrawn(Bob, null, Why, Noon));
    static readonly Story<Article> Gone = Out.And(new ArticleTakenDown(Bob, Why, Noon));

    public static ArticleReleased Released(TextHash text, ReleaseKind kind, DateTimeOffset? modified = null, params ImmutableArray<Correction> corrections) =>
        new(Bob, text, kind, Both, Noon, kind is ReleaseKind.First ? Noon : null, modified, corrections, Noon);

    static ProposalMade Wish(ProposalKind kind, TextHash? text = null, MailWish? mail = null, params ImmutableArray<EditionKey> editions) => new(kind, Bob, text, editions, mail, Noon);

    /// <summary>Bob, an editor, signed off and did what was done; cleo is the other one.</summary>
    public static readonly Dictionary<string, Story<Article>> States = new()
    {
        ["drafting"] = Start,
        ["in review"] = Submitted,
        ["changes requested"] = Submitted.And(new ChangesRequested(Bob, One, Why, Noon)),
        ["approved"] = Signed,
        ["approved, then revised"] = Signed.And(new ArticleRevised(Ann, Two, Both, Noon)),
        ["approved, under embargo"] = Signed.And(new EmbargoSet(Bob, Noon.AddDays(2), Noon)),
        ["cleared"] = Signed.And(new ArticleCleared(Cleo, One, Noon)),
        ["protected, in review"] = Submitted.And(new ArticleProtected(Ann, Noon)),
        ["protected, approved"] = Signed.And(new ArticleProtected(Ann, Noon)),
        ["protected, cleared"] = Signed.And(new ArticleProtected(Ann, Noon), new ArticleCleared(Cleo, One, Noon)),
        ["protected, assigned to cleo"] = Submitted.And(new ArticleProtected(Ann, Noon), new ArticleAssigned(Ann, Cleo, Noon)),
        ["scheduled"] = Planned,
        ["scheduled, then revised"] = Planned.And(new ArticleRevised(Ann, Two, Both, Noon)),
        ["scheduled, then protected"] = Planned.And(new ArticleProtected(Ann, Noon)),
        ["scheduled, missed"] = Planned.And(new ArticleRevised(Ann, Two, Both, Noon), new ReleaseMissed(Bob, Both, Miss.NotApproved, Noon)),
        ["live"] = Out,
        ["live, as it was recorded at first"] = Signed.And(new ArticleReleasedV1(Bob, One, ReleaseKind.First, Both, Noon, Noon, Noon)),
        ["live in au, withdrawn in de"] = Out.And(new ArticleWithdrawn(Bob, [De], Why, Noon)),
        ["live, scheduled in fr"] = Out.And(new ReleaseScheduled(Bob, [new(Fr, Noon.AddHours(1))], MailWish.None, Noon)),
        ["live, protected"] = Out.And(new ArticleProtected(Ann, Noon)),
        ["live, successor in draft"] = Out.And(new ArticleRevised(Ann, Two, Both, Noon)),
        ["live, successor approved"] = Second,
        ["live, successor approved, under embargo"] = Second.And(new EmbargoSet(Bob, Noon.AddDays(2), Noon)),
        ["live, protected, successor approved"] = Second.And(new ArticleProtected(Ann, Noon)),
        ["live, with a minor correction"] = Second.And(Released(Two, ReleaseKind.Correction)),
        ["live, with a corrected fact"] = Second.And(Released(Two, ReleaseKind.Correction, Noon, new Correction(CorrectionClass.Fact, Note, Noon))),
        ["live, corrected protectively by bob"] = Out.And(new ArticleRevised(Bob, Two, Both, Noon), Released(Two, ReleaseKind.Protective), new EarlierTextErased(Bob, One, Noon)),
        ["live, bob asks to retract it"] = Out.And(Wish(ProposalKind.Retraction, Sorry, MailWish.None)),
        ["withdrawn"] = Dark,
        ["withdrawn, bob asks for it back"] = Dark.And(Wish(ProposalKind.Republication, One, MailWish.Now, Au, De)),
        ["withdrawn, bob asks for it back without mail"] = Dark.And(Wish(ProposalKind.Republication, One, MailWish.None, Au, De)),
        ["withdrawn, bob asked as it was recorded at first"] = Dark.And(new RepublicationProposed(Bob, One, Both, Noon)),
        ["withdrawn before it went out"] = Planned.And(new ArticleWithdrawn(Bob, null, Why, Noon)),
        ["withdrawn, bob's fourth takedown"] = Dark.And(Wish(ProposalKind.Takedown)),
        ["retracted"] = Out.And(new ArticleRetracted(Cleo, Sorry, null, Noon)),
        ["taken down"] = Gone,
        ["taken down, bob asks to issue it anew"] = Gone.And(Wish(ProposalKind.Reissue, One)),
        ["taken down, issued anew"] = Gone.And(new ArticleReissued(Cleo, ReissueArticle.Successor(Id), Noon)),
    };

    public static readonly Dictionary<string, Func<Article, Decision>> Commands = new()
    {
        ["revise, other text"] = a => ReviseArticle.Decide(a, new(Ann, Noon), Three, Both),
        ["revise, same text"] = a => ReviseArticle.Decide(a, new(Ann, Noon), a.Text, a.Editions),
        ["submit"] = a => SubmitArticle.Decide(a, new(Ann, Noon)),
        ["request changes"] = a => RequestChanges.Decide(a, new(Bob, false, Noon), Why),
        ["approve, by its writer"] = a => ApproveArticle.Decide(a, new(Ann, false, true, Noon)),
        ["approve, by bob"] = a => ApproveArticle.Decide(a, new(Bob, false, true, Noon)),
        ["approve, by cleo"] = a => ApproveArticle.Decide(a, new(Cleo, false, true, Noon)),
        ["approve, by a safety officer"] = a => ApproveArticle.Decide(a, new(Cleo, false, false, Noon)),
        ["approve, by a machine"] = a => ApproveArticle.Decide(a, new(Cleo, true, true, Noon)),
        ["clear"] = a => ClearArticle.Decide(a, new(Cleo, false, Noon)),
        ["clear, by its writer"] = a => ClearArticle.Decide(a, new(Ann, false, Noon)),
        ["clear, by a machine"] = a => ClearArticle.Decide(a, new(Cleo, true, Noon)),
        ["protect"] = a => ProtectArticle.Decide(a, new(Ann, false, false, Noon), true, null),
        ["lift protection"] = a => ProtectArticle.Decide(a, new(Cleo, false, true, Noon), false, Why),
        ["lift protection, without reason"] = a => ProtectArticle.Decide(a, new(Cleo, false, true, Noon), false, null),
        ["lift protection, by anybody"] = a => ProtectArticle.Decide(a, new(Ann, false, false, Noon), false, Why),
        ["lift protection, by a machine"] = a => ProtectArticle.Decide(a, new(Cleo, true, true, Noon), false, Why),
        ["assign to cleo"] = a => AssignArticle.Decide(a, new(Ann, Noon), Cleo),
        ["take it from cleo"] = a => AssignArticle.DecideToTake(a, new(Ann, Noon), Cleo),
        ["embargo"] = a => SetEmbargo.Decide(a, new(Bob, Noon), Noon.AddMinutes(90)),
        ["embargo, into the past"] = a => SetEmbargo.Decide(a, new(Bob, Noon), Noon),
        ["lift embargo"] = a => SetEmbargo.Decide(a, new(Bob, Noon), null),
        ["schedule"] = a => ScheduleArticle.Decide(a, new(Bob, Noon), [new(Au, Noon.AddHours(1)), new(De, Noon.AddHours(2))], MailWish.Now),
        ["schedule, in fr"] = a => ScheduleArticle.Decide(a, new(Bob, Noon), [new(Fr, Noon.AddHours(3))], MailWish.Now),
        ["schedule, into the past"] = a => ScheduleArticle.Decide(a, new(Bob, Noon), [new(Fr, Noon)], MailWish.Now),
        ["schedule, nowhere"] = a => ScheduleArticle.Decide(a, new(Bob, Noon), [], MailWish.Now),
        ["unschedule"] = a => ScheduleArticle.DecideToCancel(a, new(Bob, Noon)),
        ["an hour later"] = a => ReleaseDue.Decide(a, Noon.AddHours(1)),
        ["two hours later"] = a => ReleaseDue.Decide(a, Noon.AddHours(2)),
        ["publish, by bob"] = a => PublishArticle.Decide(a, new(Bob, false, null, null, Noon)),
        ["publish, by cleo"] = a => PublishArticle.Decide(a, new(Cleo, false, null, null, Noon)),
        ["publish, by cleo with mail"] = a => PublishArticle.Decide(a, new(Cleo, false, null, MailWish.Now, Noon)),
        ["publish, by cleo a day late"] = a => PublishArticle.Decide(a, new(Cleo, false, null, null, Noon.AddHours(24))),
        ["publish, by a machine"] = a => PublishArticle.Decide(a, new(Cleo, true, null, null, Noon)),
        ["publish, nowhere"] = a => PublishArticle.Decide(a, new(Bob, false, [], null, Noon)),
        ["publish, in an edition it never stood in"] = a => PublishArticle.Decide(a, new(Cleo, false, [Fr], MailWish.None, Noon)),
        ["publish, in au only"] = a => PublishArticle.Decide(a, new(Cleo, false, [Au], MailWish.None, Noon)),
        ["correct, minor"] = a => CorrectArticle.Decide(a, new(Bob, Noon), CorrectionClass.Minor, null, null),
        ["correct, minor with a note"] = a => CorrectArticle.Decide(a, new(Bob, Noon), CorrectionClass.Minor, Note, null),
        ["correct, a fact"] = a => CorrectArticle.Decide(a, new(Bob, Noon), CorrectionClass.Fact, Note, MailWish.Now),
        ["correct, a fact without a note"] = a => CorrectArticle.Decide(a, new(Bob, Noon), CorrectionClass.Fact, null, null),
        ["correct, an update with mail"] = a => CorrectArticle.Decide(a, new(Bob, Noon), CorrectionClass.Update, Note, MailWish.Now),
        ["correct protectively"] = a => CorrectProtectively.Decide(a, new(Bob, false, 2, [One, Two], Noon), Three, Both),
        ["correct protectively, same text"] = a => CorrectProtectively.Decide(a, new(Bob, false, 2, [a.Text], Noon), a.Text, a.Editions),
        ["correct protectively, by a machine"] = a => CorrectProtectively.Decide(a, new(Bob, true, 2, [], Noon), Three, Both),
        ["correct protectively, bob's fourth"] = a => CorrectProtectively.Decide(a, new(Bob, false, 3, [One, Two], Noon), Three, Both),
        ["withdraw"] = a => WithdrawArticle.Decide(a, new(Cleo, null, Why, Noon)),
        ["withdraw, in de"] = a => WithdrawArticle.Decide(a, new(Cleo, [De], Why, Noon)),
        ["withdraw, in fr"] = a => WithdrawArticle.Decide(a, new(Cleo, [Fr], Why, Noon)),
        ["retract, by bob"] = a => RetractArticle.Decide(a, new(Bob, false, null, Noon), Sorry),
        ["retract, by cleo"] = a => RetractArticle.Decide(a, new(Cleo, false, null, Noon), Sorry),
        ["retract, by cleo in other words"] = a => RetractArticle.Decide(a, new(Cleo, false, null, Noon), new("other")),
        ["retract, by cleo with mail"] = a => RetractArticle.Decide(a, new(Cleo, false, MailWish.Now, Noon), Sorry),
        ["retract, by cleo a day late"] = a => RetractArticle.Decide(a, new(Cleo, false, null, Noon.AddHours(24)), Sorry),
        ["retract, by a machine"] = a => RetractArticle.Decide(a, new(Cleo, true, null, Noon), Sorry),
        ["take down"] = a => TakeDownArticle.Decide(a, new(Cleo, false, 2, Why, Noon)),
        ["take down, bob's fourth"] = a => TakeDownArticle.Decide(a, new(Bob, false, 3, Why, Noon)),
        ["take down, cleo's fourth"] = a => TakeDownArticle.Decide(a, new(Cleo, false, 3, Why, Noon)),
        ["take down, a machine's fourth"] = a => TakeDownArticle.Decide(a, new(Cleo, true, 3, Why, Noon)),
        ["issue anew, by bob"] = a => ReissueArticle.Decide(a, new(Bob, false, Noon)),
        ["issue anew, by cleo"] = a => ReissueArticle.Decide(a, new(Cleo, false, Noon)),
        ["issue anew, by a machine"] = a => ReissueArticle.Decide(a, new(Cleo, true, Noon)),
        ["drop a republication"] = a => DropProposal.Decide(a, new(Cleo, Noon), ProposalKind.Republication),
        ["drop a retraction"] = a => DropProposal.Decide(a, new(Cleo, Noon), ProposalKind.Retraction),
        ["drop a takedown"] = a => DropProposal.Decide(a, new(Cleo, Noon), ProposalKind.Takedown),
        ["drop a reissue a day late"] = a => DropProposal.Decide(a, new(Cleo, Noon.AddHours(24)), ProposalKind.Reissue),
        ["erase the first text"] = a => EraseText.Decide(a, One, false, new(Cleo, false, Why, Noon)),
        ["erase an erased text"] = a => EraseText.Decide(a, One, true, new(Cleo, false, Why, Noon)),
        ["erase no text"] = a => EraseText.Decide(a, null, false, new(Cleo, false, Why, Noon)),
        ["erase, by a machine"] = a => EraseText.Decide(a, Two, false, new(Cleo, true, Why, Noon)),
        ["erase notes"] = a => EraseText.DecideNotes(a, [Why, Note], new(Cleo, false, null, Noon)),
        ["erase notes that are gone"] = a => EraseText.DecideNotes(a, [], new(Cleo, false, null, Noon)),
        ["erase notes, by a machine"] = a => EraseText.DecideNotes(a, [Why], new(Cleo, true, null, Noon)),
    };
}

public class DecisionTests
{
    /// <summary>Every state with every command: what may happen is what this table lists, and nothing else.</summary>
    [Fact]
    public void Every_state_and_command_does_what_the_table_says()
    {
        var table = new StringBuilder();
        foreach (var (name, story) in States)
        {
            table.Append(name).Append('\n');
            foreach (var (command, decide) in Commands) table.Append($"  {command}: {story.When(decide)}\n");
        }
        Approved.Is("Authoring.Tests/Articles/decisions.approved.txt", table.ToString());
    }

    /// <summary>Asking again on the state that a command made changes nothing. An erasure is remembered by its text, not by the article.</summary>
    [Theory, MemberData(nameof(Pairs))]
    public void Twice_is_once(string state, string command)
    {
        var told = States[state].When(Commands[command]);
        if (told.ToString() is var word && char.IsUpper(word[0]) && !command.StartsWith("erase", StringComparison.Ordinal)) told.AndTwiceIsOnce();
    }

    public static TheoryData<string, string> Pairs => [.. from s in States.Keys from c in Commands.Keys select (s, c)];

    [Fact]
    public void Every_refusal_has_a_message() =>
        Assert.All(from s in States.Values from c in Commands.Values select s.When(c).ToString(), word =>
            Assert.True(word == "nothing" || char.IsUpper(word[0]) || Refusals.All.ContainsKey(word), word));

    [Fact]
    public void A_first_release_fixes_the_time_for_ever()
    {
        var later = Noon.AddDays(3);
        var first = new ArticleReleased(Bob, One, ReleaseKind.First, [Au], Noon, null, null, [], Noon);
        States["approved"].When(a => PublishArticle.Decide(a, new(Bob, false, [Au], MailWish.None, Noon))).Then(first);
        States["approved"].And(first).When(a => PublishArticle.Decide(a, new(Cleo, false, [De], null, later)))
            .Then(new ArticleReleased(Cleo, One, ReleaseKind.Update, [Au, De], Noon, later, null, [], later));
    }

    [Fact]
    public void Whoever_wrote_a_part_of_the_text_may_not_approve_it()
    {
        var mended = States["drafting"].And(new ArticleRevised(Bob, Two, Both, Noon), new ArticleSubmitted(Bob, Two, Noon));
        mended.When(a => ApproveArticle.Decide(a, new(Bob, false, true, Noon))).ThenRefused("article.own-work");
        mended.When(a => ApproveArticle.Decide(a, new(Ann, false, true, Noon))).ThenRefused("article.own-work");
        mended.When(a => ApproveArticle.Decide(a, new(Cleo, false, true, Noon))).Then(new ArticleApproved(Cleo, Two, Noon));
    }

    /// <summary>What went live without review is nobody's finished work: who wrote it still does not approve it when another has mended it.</summary>
    [Fact]
    public void Whoever_corrected_protectively_does_not_approve_it_with_another_ones_comma()
    {
        var mended = States["live, corrected protectively by bob"].And(new ArticleRevised(Ann, Three, Both, Noon), new ArticleSubmitted(Ann, Three, Noon));
        mended.When(a => ApproveArticle.Decide(a, new(Bob, false, true, Noon))).ThenRefused("article.own-work");
        mended.When(a => ApproveArticle.Decide(a, new(Ann, false, true, Noon))).ThenRefused("article.own-work");
        mended.When(a => ApproveArticle.Decide(a, new(Cleo, false, true, Noon))).Then(new ArticleApproved(Cleo, Three, Noon));
        // Once it was reviewed, a new text starts from there.
        States["live, corrected protectively by bob"].And(new ArticleApproved(Cleo, Two, Noon), new ArticleRevised(Ann, Three, Both, Noon), new ArticleSubmitted(Ann, Three, Noon))
            .When(a => ApproveArticle.Decide(a, new(Bob, false, true, Noon))).Then(new ArticleApproved(Bob, Three, Noon));
    }

    [Fact]
    public void A_new_text_drops_what_was_asked_about_the_old_one_and_nothing_else()
    {
        var revised = new ArticleRevised(Ann, Two, Both, Noon);
        States["withdrawn, bob's fourth takedown"].And(revised).When(a => TakeDownArticle.Decide(a, new(Cleo, false, 3, Why, Noon))).Then(new ArticleTakenDown(Cleo, Why, Noon));
        States["live, bob asks to retract it"].And(revised).When(a => RetractArticle.Decide(a, new(Cleo, false, null, Noon), Sorry)).Then(new ArticleRetracted(Cleo, Sorry, null, Noon));
        Assert.Null(States["withdrawn, bob asks for it back"].And(revised).State.Proposal);
    }

    [Fact]
    public void Who_removes_a_story_has_had_no_hand_in_it()
    {
        var asked = new ProposalMade(ProposalKind.Takedown, Cleo, null, [], null, Noon);
        foreach (var removal in new object[][]
                 {
                     [new ArticleWithdrawn(Cleo, null, Why, Noon)], [new ArticleWithdrawn(Cleo, [De], Why, Noon)], [new ArticleTakenDown(Cleo, Why, Noon)],
                     [new ArticleWithdrawn(Cleo, null, Why, Noon), asked], [asked, new ProposalDropped(Cleo, ProposalKind.Takedown, Noon)],
                 })
            Assert.DoesNotContain(Cleo, States["live"].And(removal).State.Hands);
        Assert.Contains(Cleo, States["withdrawn"].And(new ProposalMade(ProposalKind.Republication, Cleo, One, Both, null, Noon)).State.Hands);
    }

    [Fact]
    public void What_readers_are_told_of_stays_with_the_story_and_what_they_are_not_leaves_no_mark()
    {
        var later = Noon.AddDays(1);
        var fact = new Correction(CorrectionClass.Fact, Note, later);
        States["live, successor approved"].When(a => CorrectArticle.Decide(a, new(Bob, later), CorrectionClass.Fact, Note, MailWish.Now))
            .Then(new ArticleReleased(Bob, Two, ReleaseKind.Correction, Both, Noon, later, later, [fact], later));
        var corrected = States["live, with a corrected fact"].And(new ArticleRevised(Ann, Three, Both, later), new ArticleSubmitted(Ann, Three, later), new ArticleApproved(Bob, Three, later));
        corrected.When(a => CorrectArticle.Decide(a, new(Bob, later), CorrectionClass.Minor, null, null))
            .Then(new ArticleReleased(Bob, Three, ReleaseKind.Correction, Both, Noon, null, Noon, [fact with { At = Noon }], later));
        // Nor does a publication in more editions forget them.
        States["live, with a corrected fact"].When(a => PublishArticle.Decide(a, new(Cleo, false, [Fr], MailWish.None, later)))
            .Then(new ArticleReleased(Cleo, Two, ReleaseKind.Update, [Au, De, Fr], Noon, null, Noon, [fact with { At = Noon }], later));
    }

    [Fact]
    public void A_protective_correction_erases_all_that_was_written_before()
    {
        var told = States["live, successor in draft"].When(a => CorrectProtectively.Decide(a, new(Bob, false, 2, [One, Two], Noon), Three, Both));
        told.Then(new ArticleRevised(Bob, Three, Both, Noon), Released(Three, ReleaseKind.Protective), new EarlierTextErased(Bob, One, Noon), new EarlierTextErased(Bob, Two, Noon));
        // Going back to an earlier text erases the others alone.
        States["live, successor in draft"].When(a => CorrectProtectively.Decide(a, new(Bob, false, 2, [One, Two], Noon), One, Both))
            .Then(new ArticleRevised(Bob, One, Both, Noon), Released(One, ReleaseKind.Protective), new EarlierTextErased(Bob, Two, Noon));
        // Who has emptied too many stories makes it dark, and erases nothing.
        States["live, successor in draft"].When(a => CorrectProtectively.Decide(a, new(Bob, false, 3, [One, Two], Noon), Three, Both))
            .Then(new ArticleWithdrawn(Bob, null, null, Noon), new ArticleRevised(Bob, Three, Both, Noon));
    }

    [Fact]
    public void The_first_persons_wish_for_mail_is_kept()
    {
        States["withdrawn, bob asks for it back without mail"].When(a => PublishArticle.Decide(a, new(Cleo, false, null, null, Noon)))
            .Then(new ArticleReleased(Cleo, One, ReleaseKind.Update, Both, Noon, null, null, [], Noon));
        States["withdrawn, bob asks for it back"].When(a => PublishArticle.Decide(a, new(Cleo, false, null, null, Noon.AddHours(1))))
            .Then(new ArticleReleased(Cleo, One, ReleaseKind.Update, Both, Noon, Noon.AddHours(1), null, [], Noon.AddHours(1)));
    }

    [Fact]
    public void What_is_due_in_several_editions_goes_out_at_once_and_as_it_was_wished()
    {
        States["scheduled"].When(a => ReleaseDue.Decide(a, Noon.AddHours(2)))
            .Then(new ArticleReleased(Bob, One, ReleaseKind.First, Both, Noon.AddHours(2), Noon.AddHours(2), null, [], Noon.AddHours(2)));
        States["live, scheduled in fr"].When(a => ReleaseDue.Decide(a, Noon.AddHours(1)))
            .Then(new ArticleReleased(Bob, One, ReleaseKind.Update, [Au, De, Fr], Noon, null, null, [], Noon.AddHours(1)));
        // Who wished no mail gets none with another's.
        var mixed = States["scheduled"].And(new ReleaseScheduled(Cleo, [new(Fr, Noon.AddHours(1))], MailWish.None, Noon));
        var au = new ArticleReleased(Bob, One, ReleaseKind.First, [Au], Noon.AddHours(1), Noon.AddHours(1), null, [], Noon.AddHours(1));
        Assert.Equivalent(new[] { au }, Assert.IsType<Decision.Recorded>(ReleaseDue.Decide(mixed.State, Noon.AddHours(1))).Events, strict: true);
        mixed.And(au).When(a => ReleaseDue.Decide(a, Noon.AddHours(1)))
            .Then(new ArticleReleased(Cleo, One, ReleaseKind.Update, [Au, Fr], Noon.AddHours(1), null, null, [], Noon.AddHours(1)));
        // A clock is no second person.
        var half = States["live, scheduled in fr"].And(new ArticleWithdrawn(Bob, Both, Why, Noon), new ProposalMade(ProposalKind.Republication, Cleo, One, [Fr], MailWish.None, Noon));
        half.When(a => ReleaseDue.Decide(a, Noon.AddHours(1))).Then(new ReleaseMissed(Bob, [Fr], Miss.Withdrawn, Noon.AddHours(1)));
    }

    [Theory]
    [InlineData("Australia/Sydney", "2026-04-05T01:59", "2026-04-04T14:59:00Z"), InlineData("Australia/Sydney", "2026-04-05T02:30", "2026-04-04T15:30:00Z"),
     InlineData("Australia/Sydney", "2026-04-05T03:00", "2026-04-04T17:00:00Z"), InlineData("Australia/Sydney", "2026-10-04T02:30", null),
     InlineData("Europe/Berlin", "2026-03-29T02:00", null), InlineData("Europe/Berlin", "2026-03-29T02:59:59", null), InlineData("Europe/Berlin", "2026-03-29T03:00", "2026-03-29T01:00:00Z"),
     InlineData("Europe/Berlin", "2026-10-25T02:30", "2026-10-25T00:30:00Z"), InlineData("Etc/UTC", "2026-03-29T02:30", "2026-03-29T02:30:00Z")]
    public void A_time_on_the_wall_is_an_instant_where_clocks_show_it(string zone, string local, string? instant) =>
        Assert.Equal(instant is null ? null : DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture),
            Instant.In(TimeZoneInfo.FindSystemTimeZoneById(zone), Instant.ReadLocal(local, "local")));

    [Fact]
    public void The_live_text_keeps_serving_while_its_successor_is_edited()
    {
        var state = States["live, successor in draft"].State;
        Assert.Equal((Release.Live, One, Work.Drafting, Two), (state.Release, state.LiveText, state.Work, state.Text));
    }
}
