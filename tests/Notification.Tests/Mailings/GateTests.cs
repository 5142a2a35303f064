using CsCheck;
using Vigil.Hosting;
using Vigil.Notification.Mailings;

namespace Vigil.Notification.Tests.Mailings;

public class GateTests
{
    static readonly Gate Open = new() { Id = Guid.Empty };
    static readonly string[] Editions = ["au", "de", "fr"];

    static readonly Gen<Func<Gate, Gate>> Endings = Gen.OneOf(
        Gen.Const((Func<Gate, Gate>)(g => g.TakeDown())),
        Gen.Const((Func<Gate, Gate>)(g => g.Retract())),
        Gen.Int[1, 20].Select(version => (Func<Gate, Gate>)(g => g.Protect(version))),
        Gen.Select(Gen.Int[1, 20], Gen.Int[0, 3], (version, edition) => (Func<Gate, Gate>)(g => g.Withdraw(edition == 3 ? null : [Editions[edition]], version))));

    static IEnumerable<bool> All(Gate gate) => from edition in Editions from version in Enumerable.Range(1, 25) select gate.Stops(new EditionKey(edition), version);

    /// <summary>Endings may come in any order and any number of times: the gate ends up the same.</summary>
    [Fact]
    public void Order_and_repetition_do_not_matter() => Gen.Select(Endings.List[0, 6], Gen.Int[0, 1000]).Sample((endings, seed) =>
    {
        var shuffled = endings.Concat(endings).ToArray();
        new Random(seed).Shuffle(shuffled);
        Assert.Equal(All(endings.Aggregate(Open, (g, e) => e(g))), All(shuffled.Aggregate(Open, (g, e) => e(g))));
    });

    /// <summary>What is stopped stays stopped.</summary>
    [Fact]
    public void It_only_ever_closes() => Gen.Select(Endings.List[0, 6], Endings).Sample((endings, more) =>
    {
        var before = endings.Aggregate(Open, (g, e) => e(g));
        Assert.DoesNotContain(All(before).Zip(All(more(before))), pair => pair.First && !pair.Second);
    });

    [Fact]
    public void It_remembers_the_newest_change_that_is_not_stopped()
    {
        var au = new EditionKey("au");
        var gate = Open.Remember(au, new(5, new("five")));
        Assert.Same(gate, gate.Remember(au, new(5, new("other"))));
        Assert.Same(gate, gate.Remember(au, new(4, new("four"))));
        Assert.Equal(6, gate.Remember(au, new(6, new("six"))).Changes["au"].Version);
        Assert.Empty(Open.TakeDown().Remember(au, new(6, new("six"))).Changes);
    }
}
