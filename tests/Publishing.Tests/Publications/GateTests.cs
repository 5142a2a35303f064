using CsCheck;
using Vigil.Publishing.Publications;

namespace Vigil.Publishing.Tests.Publications;

/// <summary>Messages late, twice and in any order end where the story ended, and never show what a newer message had hidden.</summary>
public class GateTests
{
    abstract record Message(long Version);
    sealed record Release(long Version, string[] Editions, bool IsProtective = false) : Message(Version);
    sealed record Withdraw(long Version, string[]? Editions) : Message(Version);
    sealed record Retract(long Version) : Message(Version);
    sealed record TakeDown(long Version) : Message(Version);

    static readonly string[] All = ["au", "de", "fr"];

    static ArticleGate Receive(ArticleGate gate, Message message) => (message switch
    {
        Release r => ReceiveRelease.Decide(gate, r.Version, r.Editions, r.IsProtective),
        Withdraw w => ReceiveEnding.Withdraw(gate, w.Version, w.Editions),
        Retract => ReceiveRetraction.Decide(gate),
        _ => ReceiveEnding.TakeDown(gate),
    })?.Gate ?? gate;

    static Dictionary<string, long> Live(ArticleGate gate) => gate.Editions.Where(e => e.Value.Live > 0).ToDictionary(e => e.Key, e => e.Value.Live);

    /// <summary>What it should come to: the story told in order, in ten lines that know nothing of gates.</summary>
    static Dictionary<string, long> Told(IEnumerable<Message> story)
    {
        Dictionary<string, long> live = [];
        foreach (var message in story)
            switch (message)
            {
                case Release r: live = r.Editions.ToDictionary(e => e, _ => r.Version); break;
                case Withdraw { Editions: { } some }: foreach (var e in some) live.Remove(e); break;
                case Withdraw: live.Clear(); break;
                case Retract or TakeDown: live.Clear(); return live;
            }
        return live;
    }

    static readonly Gen<string[]> Some = Gen.Int[1, 7].Select(bits => All.Where((_, i) => (bits & (1 << i)) != 0).ToArray());

    static readonly Gen<Message[]> Story =
        Gen.Select(Gen.Int[0, 10], Some, Gen.Int[1, 3]).Array[1, 8].Select(steps =>
        {
            var version = 3L;
            return steps.Select(s =>
            {
                version += s.Item3;
                return s.Item1 switch { < 6 => new Release(version, s.Item2, s.Item1 is 5), < 8 => new Withdraw(version, s.Item2), 8 => new Withdraw(version, null), 9 => new Retract(version), _ => (Message)new TakeDown(version) };
            }).ToArray();
        // A takedown ends everything, a retraction everything but a takedown.
        }).Where(story => !story.SkipLast(1).Any(m => m is TakeDown) && !story.SkipWhile(m => m is not Retract).Skip(1).Any(m => m is not TakeDown));

    static readonly Gen<(Message[] Story, Message[] Delivered)> Deliveries =
        from story in Story
        from repeats in Gen.Int[0, story.Length - 1].Array[0, 5]
        from delivered in Gen.Shuffle(story.Concat(repeats.Select(i => story[i])).ToArray())
        select (story, delivered);

    [Fact]
    public void Any_order_with_repeats_ends_where_the_story_ended() =>
        Deliveries.Sample(d => Assert.Equal(Told(d.Story), Live(d.Delivered.Aggregate(ArticleGate.Closed, Receive))), iter: 20_000);

    /// <summary>What a protective correction protects from is known whenever it comes, also when something newer stands already.</summary>
    [Fact]
    public void The_newest_protective_correction_is_remembered_in_any_order() =>
        Deliveries.Sample(d =>
        {
            var gate = ArticleGate.Closed;
            foreach (var message in d.Delivered)
            {
                var newest = message is Release { IsProtective: true } && !gate.HasEnded ? Math.Max(gate.Protected, message.Version) : gate.Protected;
                gate = Receive(gate, message);
                Assert.Equal(newest, gate.Protected);
                Assert.Null(message is Release r ? ReceiveRelease.Decide(gate, r.Version, r.Editions, r.IsProtective) : null);
            }
        }, iter: 20_000);

    [Theory]
    [InlineData("lamp", "lamp", true), InlineData("lamp-2", "lamp", true), InlineData("lamp-of-ann", "lamp", false), InlineData("lamp", "lamp-of-ann", false), InlineData("lamp-", "lamp", false), InlineData("lamps", "lamp", false)]
    public void An_address_is_that_of_its_wish_or_is_not(string slug, string wish, bool isOf) => Assert.Equal(isOf, ReceiveRelease.IsOf(slug, wish));

    [Fact]
    public void No_version_is_shown_again_once_a_newer_message_was_received() =>
        Deliveries.Sample(d =>
        {
            var gate = ArticleGate.Closed;
            Dictionary<string, long> newest = [];
            foreach (var message in d.Delivered)
            {
                gate = Receive(gate, message);
                var named = message switch { Release r => r.Editions, Withdraw { Editions: { } some } => some, _ => All };
                foreach (var e in named) newest[e] = Math.Max(newest.GetValueOrDefault(e), message.Version);
                foreach (var (edition, version) in Live(gate)) Assert.True(version >= newest.GetValueOrDefault(edition), $"{edition} shows {version}");
            }
        }, iter: 20_000);

    [Fact]
    public void A_takedown_before_the_first_release_keeps_the_gate_shut()
    {
        var gate = Receive(ArticleGate.Closed, new TakeDown(7));
        Assert.Null(ReceiveRelease.Decide(gate, 5, All));
        Assert.Null(ReceiveRelease.Decide(gate, 8, All));
    }

    [Fact]
    public void A_retraction_before_the_first_release_keeps_the_gate_shut_and_leaves_no_page()
    {
        var ended = ReceiveRetraction.Decide(ArticleGate.Closed)!;
        Assert.Empty(ended.Changes);
        Assert.Null(ReceiveRelease.Decide(ended.Gate, 5, All));
        Assert.Null(ReceiveRelease.Decide(ended.Gate, 8, All));
    }

    /// <summary>A notice stands wherever the story ever stood, dark or not, and nothing but a takedown touches it.</summary>
    [Fact]
    public void A_retraction_is_final_in_every_edition_that_ever_showed_the_story() =>
        Deliveries.Sample(d =>
        {
            var gate = ArticleGate.Closed;
            HashSet<string> stood = [], noticed = [];
            foreach (var message in d.Delivered)
            {
                var decision = message switch
                {
                    Release r => ReceiveRelease.Decide(gate, r.Version, r.Editions, r.IsProtective),
                    Withdraw w => ReceiveEnding.Withdraw(gate, w.Version, w.Editions),
                    Retract => ReceiveRetraction.Decide(gate),
                    _ => ReceiveEnding.TakeDown(gate),
                };
                if (gate.HasEnded && message is not TakeDown) Assert.Null(decision);
                if (decision is null) continue;
                if (message is Retract) noticed = [.. decision.Changes.Select(c => c.Edition)];
                Assert.Equal(message is Retract, decision.Changes.Any(c => c.Change is Change.Retract) || message is Retract && stood.Count == 0);
                if (message is Retract) Assert.True(noticed.SetEquals(stood));
                if (message is TakeDown) Assert.True(stood.SetEquals(decision.Changes.Select(c => c.Edition)));
                gate = decision.Gate;
                stood.UnionWith(Live(gate).Keys);
            }
        }, iter: 20_000);

    [Fact]
    public void A_withdrawal_of_one_edition_does_not_hold_up_a_late_release_in_the_others()
    {
        var gate = Receive(Receive(ArticleGate.Closed, new Withdraw(6, ["de"])), new Release(5, ["au", "de"]));
        Assert.Equal(new() { ["au"] = 5 }, Live(gate));
    }

    [Fact]
    public void The_same_message_five_times_is_once()
    {
        var once = ReceiveRelease.Decide(ArticleGate.Closed, 5, All)!;
        Assert.Equal([new("au", Change.Release), new("de", Change.Release), new("fr", Change.Release)], once.Changes);
        for (var i = 0; i < 4; i++) Assert.Null(ReceiveRelease.Decide(once.Gate, 5, All));
        var dark = ReceiveEnding.Withdraw(once.Gate, 6, null)!;
        Assert.Null(ReceiveEnding.Withdraw(dark.Gate, 6, null));
        var retracted = ReceiveRetraction.Decide(dark.Gate)!;
        Assert.Equal([new("au", Change.Retract), new("de", Change.Retract), new("fr", Change.Retract)], retracted.Changes);
        Assert.Null(ReceiveRetraction.Decide(retracted.Gate));
        Assert.Null(ReceiveEnding.TakeDown(ReceiveEnding.TakeDown(retracted.Gate)!.Gate));
    }
}
