using Vigil.Kit;
using Vigil.Planted;

namespace Vigil.Rules.Tests;

/// <summary>The bugs that <c>tests/planted</c> plants still fit the code that they are planted into, so that it can be run at any time.</summary>
public class PlantedTests
{
    public static TheoryData<int> Numbers => [.. Bugs.Select(b => b.Number)];

    static readonly IReadOnlyList<Bug> Bugs = Bug.Read(File.ReadAllText(Path.Combine(Approved.Root, "tests", "Planted", "bugs.txt")));

    [Theory, MemberData(nameof(Numbers))]
    public void It_fits(int number)
    {
        var bug = Bugs[number - 1];
        Assert.True(Directory.Exists(Path.Combine(Approved.Root, "tests", $"{bug.Project}.Tests")), $"{bug.What}: there is no {bug.Project}.Tests");
        foreach (var file in bug.Changes.GroupBy(c => c.Path))
        {
            var text = File.ReadAllText(Path.Combine(Approved.Root, file.Key));
            foreach (var change in file)
            {
                Assert.True(change.Plant(text) is { } planted && planted != text, $"{bug.What}: what should go does not stand once in {change.Path}.");
                text = change.Plant(text)!;
            }
        }
    }

    [Theory]
    [InlineData("a\nb", null)]
    [InlineData("a\nx\nb\nx", null)]
    [InlineData("a\nx\nb", "a\ny\nz\nb")]
    public void What_goes_must_stand_exactly_once(string text, string? planted) => Assert.Equal(planted, new Change("", ["x"], ["y", "z"]).Plant(text));

    [Theory]
    [InlineData("It is wrong\nin a.cs\n-x\n+y")]
    [InlineData("It is wrong\nby Rules\nin a.cs\n-x\n y")]
    public void A_bug_of_another_form_is_refused(string text) => Assert.Throws<FormatException>(() => Bug.Read(text));
}
