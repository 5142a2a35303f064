using Vigil.Chaos;

namespace Vigil.Journeys;

/// <summary>Alone, since it takes all of a small machine.</summary>
[CollectionDefinition(nameof(Chaos), DisableParallelization = true)]
public sealed class Chaos;

[Collection(nameof(Chaos)), Trait("kind", "drill")]
public sealed class ChaosDrill
{
    [Fact]
    public async Task Whatever_falls_over_nothing_is_lost_doubled_or_shown_that_must_not_be()
    {
        var said = new List<string>();
        var result = await Run.Of(Form.Brief with { Slack = 10 }, seed: 11, only: "", line => { said.Add(line); return Task.CompletedTask; });
        Assert.True(result.Wrong.Count == 0, $"{result.Report}\n{string.Join('\n', said)}");
    }
}

/// <summary>Whether tests/chaos would see what it looks for.</summary>
public sealed class ChaosTests
{
    static readonly Func<TimeSpan, TimeSpan> Five = _ => TimeSpan.FromSeconds(5);

    static TimeSpan S(double seconds) => TimeSpan.FromSeconds(seconds);

    [Fact]
    public void A_story_seen_when_it_must_not_be_is_reported()
    {
        var tale = new Tale("chaos");
        Assert.NotNull(tale.Wrong(S(0), S(1), Five));
        tale.ReleaseAsked(S(2));
        Assert.NotNull(tale.Wrong(S(1), S(1.9), Five));
        Assert.Null(tale.Wrong(S(1), S(2.1), Five));
        tale.Ended(S(10));
        Assert.Null(tale.Wrong(S(14), S(16), Five));
        Assert.NotNull(tale.Wrong(S(15.1), S(15.2), Five));
        Assert.Null(tale.Wrong(S(15.1), S(15.2), _ => S(60)));
        tale.ReleaseAsked(S(20));
        Assert.NotNull(tale.Wrong(S(19), S(19.5), Five));
        Assert.Null(tale.Wrong(S(19), S(20.5), Five));
    }

    [Fact]
    public void What_is_lost_doubled_or_invented_is_reported()
    {
        var (kept, lost, invented) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        Dictionary<Guid, IReadOnlyList<string>> expected = new() { [kept] = ["drafted", "submitted"], [lost] = ["drafted"] };
        Assert.Empty(Checker.Streams(expected, expected));
        Assert.Equal(3, Checker.Streams(expected, new Dictionary<Guid, IReadOnlyList<string>> { [kept] = ["drafted", "submitted", "submitted"], [invented] = ["drafted"] }).Count());
        Assert.Empty(Checker.Doubled("a reader", ["one", "two"]));
        Assert.Single(Checker.Doubled("a reader", ["one", "two", "one"]));
    }
}
