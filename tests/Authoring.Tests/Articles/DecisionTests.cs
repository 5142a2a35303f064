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

    static readonly Story<Article> Start = Story<Article>.Given(Id, new ArticleDrafted(Ann, One, Both, Noon));
    static readonly Story<Article> Submitted = Start.And(new ArticleSubmitted(Ann, One, Noon));
    static readonly Story<Article> Signed = Submitted.And(new ArticleApproved(Bob, One, Noon));
    static readonly Story<Article> Out = Signed.And(new ArticleReleased(Bob, One, ReleaseKind.First, Both, Noon, Noon, Noon));
    static readonly Story<Article> Dark = Out.And(new ArticleWithdrawn(Bob, null, Why, Noon));

    public static readonly Dictionary<string, Story<Article>> States = new()
    {
        ["drafting"] = Start,
        ["in review"] = Submitted,
        ["changes requested"] = Submitted.And(new ChangesRequested(Bob, One, Why, Noon)),
        ["approved"] = Signed,
        ["approved, then revised"] = Signed.And(new ArticleRevised(Ann, Two, Both, Noon)),
        ["live"] = Out,
        ["live in au only"] = Out.And(new ArticleWithdrawn(Bob, [De], Why, Noon)),
        ["live, successor in draft"] = Out.And(new ArticleRevised(Ann, Two, Both, Noon)),
        ["live, successor approved"] = Out.And(new ArticleRevised(Ann, Two, Both, Noon), new ArticleSubmitted(Ann, Two, Noon), new ArticleApproved(Bob, Two, Noon)),
        ["withdrawn"] = Dark,
        ["withdrawn, bob asks for it back"] = Dark.And(new RepublicationProposed(Bob, One, Both, Noon)),
        ["taken down"] = Out.And(new ArticleTakenDown(Bob, Why, Noon)),
    };

    public static readonly Dictionary<string, Func<Article, Decision>> Commands = new()
    {
        ["revise, other text"] = a => ReviseArticle.Decide(a, new(Ann, Noon), new("three"), Both),
        ["revise, same text"] = a => ReviseArticle.Decide(a, new(Ann, Noon), a.Text, a.Editions),
        ["submit"] = a => SubmitArticle.Decide(a, new(Ann, Noon)),
        ["request changes"] = a => RequestChanges.Decide(a, new(Bob, false, Noon), Why),
        ["approve, by its writer"] = a => ApproveArticle.Decide(a, new(Ann, false, Noon)),
        ["approve, by an editor"] = a => ApproveArticle.Decide(a, new(Bob, false, Noon)),
        ["approve, by a machine"] = a => ApproveArticle.Decide(a, new(Cleo, true, Noon)),
        ["publish, by bob"] = a => PublishArticle.Decide(a, new(Bob, false, null, Noon, Noon)),
        ["publish, by cleo"] = a => PublishArticle.Decide(a, new(Cleo, false, null, Noon, Noon)),
        ["publish, by cleo a day late"] = a => PublishArticle.Decide(a, new(Cleo, false, null, Noon, Noon.AddHours(24))),
        ["publish, by a machine"] = a => PublishArticle.Decide(a, new(Cleo, true, null, Noon, Noon)),
        ["publish, nowhere"] = a => PublishArticle.Decide(a, new(Bob, false, [], Noon, Noon)),
        ["publish, in an edition it never stood in"] = a => PublishArticle.Decide(a, new(Cleo, false, [new("fr")], null, Noon)),
        ["publish, in au only"] = a => PublishArticle.Decide(a, new(Cleo, false, [Au], null, Noon)),
        ["withdraw"] = a => WithdrawArticle.Decide(a, new(Cleo, null, Why, Noon)),
        ["withdraw, in de"] = a => WithdrawArticle.Decide(a, new(Cleo, [De], Why, Noon)),
        ["withdraw, where it never stood"] = a => WithdrawArticle.Decide(a, new(Cleo, [new("fr")], Why, Noon)),
        ["take down"] = a => TakeDownArticle.Decide(a, new(Cleo, Why, Noon)),
        ["erase the first text"] = a => EraseText.Decide(a, One, false, new(Cleo, false, Why, Noon)),
        ["erase an erased text"] = a => EraseText.Decide(a, One, true, new(Cleo, false, Why, Noon)),
        ["erase no text"] = a => EraseText.Decide(a, null, false, new(Cleo, false, Why, Noon)),
        ["erase, by a machine"] = a => EraseText.Decide(a, Two, false, new(Cleo, true, Why, Noon)),
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
        States["approved"].When(a => PublishArticle.Decide(a, new(Bob, false, [Au], null, Noon)))
            .Then(new ArticleReleased(Bob, One, ReleaseKind.First, [Au], Noon, null, Noon));
        States["approved"].And(new ArticleReleased(Bob, One, ReleaseKind.First, [Au], Noon, null, Noon))
            .When(a => PublishArticle.Decide(a, new(Cleo, false, [De], later, later)))
            .Then(new ArticleReleased(Cleo, One, ReleaseKind.Update, [Au, De], Noon, later, later));
    }

    [Fact]
    public void Whoever_wrote_a_part_of_the_text_may_not_approve_it()
    {
        var mended = States["drafting"].And(new ArticleRevised(Bob, Two, Both, Noon), new ArticleSubmitted(Bob, Two, Noon));
        mended.When(a => ApproveArticle.Decide(a, new(Bob, false, Noon))).ThenRefused("article.own-work");
        mended.When(a => ApproveArticle.Decide(a, new(Ann, false, Noon))).ThenRefused("article.own-work");
        mended.When(a => ApproveArticle.Decide(a, new(Cleo, false, Noon))).Then(new ArticleApproved(Cleo, Two, Noon));
    }

    [Fact]
    public void The_live_text_keeps_serving_while_its_successor_is_edited()
    {
        var state = States["live, successor in draft"].State;
        Assert.Equal((Release.Live, One, Work.Drafting, Two), (state.Release, state.LiveText, state.Work, state.Text));
    }
}
