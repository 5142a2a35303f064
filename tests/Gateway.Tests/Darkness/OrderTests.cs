using Vigil.Gateway.Darkness;
using Vigil.Hosting;

namespace Vigil.Gateway.Tests.Darkness;

/// <summary>What an order becomes by what the others say to it.</summary>
public class OrderTests
{
    static readonly Guid Story = Guid.NewGuid(), Other = Guid.NewGuid();
    static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;

    static DarkOrder Of(string address) => new(address, Target.Read(address)!, Now, "somebody");

    static Word.Stories Stories(params Guid[] articles) => new(articles, Now);

    static DarkOrder Told(DarkOrder order, params IEnumerable<Word> words)
    {
        foreach (var word in words)
        {
            order = DarkOrder.Next(order, word);
            // Said again it is no news.
            Assert.Equal(order, DarkOrder.Next(order, word));
        }
        return order;
    }

    [Fact]
    public void It_goes_from_asked_to_lifted_and_is_dark_until_then()
    {
        var order = Of("/news/a-story");
        var shown = new Shown(Story, 3, "au", "a-story");
        var stage = Stage.Asked;
        foreach (var (word, next) in new (Word, Stage)[]
        {
            (Stories(), Stage.Unknown), (Stories(Story, Other), Stage.Several), (new Word.Acknowledged(7), Stage.Several), (Stories(Story), Stage.Found),
            (new Word.Applied(99, Now), Stage.Found), (new Word.Refused("article.live"), Stage.Refused), (new Word.Acknowledged(7), Stage.Withdrawn), (new Word.Refused("article.live"), Stage.Withdrawn), (new Word.TakenBack(Now), Stage.Withdrawn),
            (new Word.Applied(6, Now), Stage.Withdrawn), (new Word.Applied(7, Now), Stage.Lifted), (Stories(), Stage.Lifted), (new Word.TakenBack(Now), Stage.Lifted),
        })
        {
            Assert.Equal(stage, order.Stage);
            Assert.Equal(stage is not Stage.Lifted, order.Denies(shown));
            order = Told(order, word);
            stage = next;
        }
        Assert.Equal(Stage.Lifted, order.Stage);
    }

    /// <summary>Whatever is said in whatever order: never before the withdrawal was acknowledged, and its ending has taken effect.</summary>
    [Fact]
    public void Unless_it_was_taken_back_nothing_but_the_effect_of_its_withdrawal_lifts_it()
    {
        for (var seed = 0; seed < 5000; seed++)
        {
            var random = new Random(seed);
            var order = Of(random.Next(2) == 0 ? "/news/a-story" : $"{Story}");
            long? acknowledged = null;
            for (var i = 0; i < 12 && order.LiftedAt is null; i++)
            {
                var known = order.Article is not null;
                Word word = random.Next(4) switch
                {
                    0 => Stories([.. new[] { Story, Other }.Take(random.Next(3))]),
                    1 => new Word.Acknowledged(random.Next(10)),
                    2 => new Word.Refused("article.unknown"),
                    _ => new Word.Applied(random.Next(10), Now),
                };
                order = Told(order, word);
                if (word is Word.Acknowledged a && known) acknowledged ??= a.Sequence;
                Assert.Equal(word is Word.Applied applied && applied.Sequence >= acknowledged, order.LiftedAt is not null);
            }
        }
    }

    [Fact]
    public void Until_the_story_is_known_its_address_is_dark_in_every_edition_and_then_the_story_is_at_every_address()
    {
        var (here, namesake, elsewhere) = (new Shown(Story, 3, "au", "a-story"), new Shown(Other, 3, "de", "a-story"), new Shown(Story, 3, "de", "a-story-2"));
        var order = Of("https://au.example/news/a-story");
        Assert.Equal([true, true, false], new[] { here, namesake, elsewhere }.Select(order.Denies));
        Assert.Equal([true, false, false], new[] { "A-Story", "another-story", $"{Story}" }.Select(order.Denies));
        order = Told(order, Stories(Story));
        Assert.Equal([true, false, true], new[] { here, namesake, elsewhere }.Select(order.Denies));
        // The namesake's page has this address, too: what it shows decides.
        Assert.Equal([false, false, true], new[] { "A-Story", "another-story", $"{Story}" }.Select(order.Denies));
    }

    [Fact]
    public void It_is_taken_back_until_it_is_withdrawn()
    {
        foreach (var before in new Word[][] { [], [Stories()], [Stories(Story, Other)], [Stories(Story)], [Stories(Story), new Word.Refused("article.unknown")] })
        {
            var order = Told(Of("/news/a-story"), [.. before, new Word.TakenBack(Now)]);
            Assert.Equal(Stage.TakenBack, order.Stage);
            Assert.False(order.Denies(new Shown(Story, 3, "au", "a-story")) || order.Denies("a-story") || order.Denies($"{Story}"));
            // What is said to it afterwards comes too late.
            Assert.Equal(order, Told(order, Stories(Story), new Word.Acknowledged(7), new Word.Applied(7, Now)));
        }
    }

    [Fact]
    public void A_day_after_it_was_given_it_lapses_where_no_story_is_and_nowhere_else()
    {
        var (early, late) = (Now + DarkOrder.Patience - TimeSpan.FromSeconds(1), Now + DarkOrder.Patience);
        var order = Of("/news/a-story");
        Assert.Equal(Stage.Unknown, Told(order, new Word.Stories([], early)).Stage);
        var lapsed = Told(order, new Word.Stories([], early), new Word.Stories([], late));
        Assert.Equal(Stage.Lapsed, lapsed.Stage);
        Assert.False(lapsed.Denies("a-story"));
        // Published there months later, it is not withdrawn.
        Assert.Equal(Stage.Lapsed, Told(lapsed, new Word.Stories([Story], late.AddDays(90)), new Word.Acknowledged(7)).Stage);
        // Nobody could say for longer than that; there are several; it is known which, and gone from Publishing since.
        Assert.Equal(Stage.Asked, order.Stage);
        Assert.Equal(Stage.Found, Told(order, new Word.Stories([Story], late)).Stage);
        Assert.Equal(Stage.Several, Told(order, new Word.Stories([Story, Other], late)).Stage);
        Assert.Equal(Stage.Found, DarkOrder.Next(Told(order, Stories(Story)), new Word.Stories([], late)).Stage);
    }

    [Fact]
    public void Who_gave_an_order_takes_it_back_and_so_does_whoever_runs_the_installation_and_nobody_else()
    {
        var mine = Of("/news/a-story");
        var theirs = new DarkOrder(mine.Address, mine.Target, Now.AddSeconds(1), "another");
        var withdrawn = Told(mine, Stories(Story), new Word.Acknowledged(7));
        var (somebody, another, installation) = (new TakeBack.By("somebody", Now), new TakeBack.By("another", Now), new TakeBack.By(null, Now));
        foreach (var (orders, by, expected) in new (DarkOrder[], TakeBack.By, string)[]
        {
            ([], somebody, "dark.unknown"), ([], installation, "dark.unknown"), ([Told(withdrawn, new Word.Applied(7, Now))], somebody, "dark.unknown"),
            ([mine], somebody, "1"), ([mine], installation, "1"), ([mine], another, "dark.not-yours"),
            ([mine, theirs], somebody, "1"), ([mine, theirs], installation, "2"),
            ([withdrawn], somebody, "dark.withdrawn"), ([withdrawn], installation, "dark.withdrawn"), ([withdrawn], another, "dark.not-yours"),
            // Ordered again afterwards, and unpublished.
            ([Told(mine, new Word.TakenBack(Now)), Told(theirs, Stories(Story), new Word.Acknowledged(7), new Word.Applied(7, Now.AddSeconds(9)))], installation, "dark.unknown"),
            ([Told(theirs, new Word.TakenBack(Now.AddSeconds(2))), Told(mine, Stories(Story), new Word.Acknowledged(7), new Word.Applied(7, Now.AddSeconds(9)))], installation, "dark.unknown"),
            ([Told(mine, new Word.TakenBack(Now))], somebody, "nothing"), ([Told(mine, new Word.TakenBack(Now)), theirs], somebody, "dark.not-yours"),
        })
            Assert.Equal(expected, TakeBack.Decide(orders, by) switch { Decision.Refused r => r.Faults[0].Code, Decision.Recorded r => $"{r.Events.Count}", _ => "nothing" });
    }

    [Fact]
    public void It_is_the_same_on_every_gateway() => Assert.Equal(Of("https://AU.example/news/a-story").Id, Of("https://au.example/news/a-story/?from=mail#top").Id);

    [Theory]
    [InlineData("https://au.example:8443/news/a-story", "a-story", null, "au.example")]
    [InlineData("http://au.localhost:8080/news/a-story/?x=1", "a-story", null, "au.localhost")]
    [InlineData("/news/a-story", "a-story", null, null)]
    [InlineData("a-story-2", "a-story-2", null, null)]
    [InlineData("au/a-story", "a-story", "au", null)]
    [InlineData("https://any.example/api/content/v1/editions/de/articles/a-story", "a-story", "de", null)]
    public void An_address_is_read_in_every_form_that_people_have_it_in(string address, string slug, string? edition, string? host) =>
        Assert.Equal(new Target(null, slug, edition, host), Target.Read(address));

    [Theory, InlineData("{0}"), InlineData("https://any.example/api/content/v1/editions/de/articles/by-id/{0}")]
    public void So_is_an_id(string address) => Assert.Equal(new Target(Story), Target.Read(address.Replace("{0}", $"{Story}", StringComparison.Ordinal)));

    [Theory, InlineData(null), InlineData(""), InlineData("/"), InlineData("https://au.example/"), InlineData("https://au.example/news"), InlineData("/news/a/b"), InlineData("a story"), InlineData("../../etc/passwd"), InlineData("/countries/eritrea")]
    public void What_is_no_address_of_a_story_is_none(string? address) => Assert.Null(Target.Read(address));

    [Fact]
    public void What_an_answer_shows_is_read_as_it_was_said()
    {
        Shown[] stories = [new(Story, 3, "au", "a-story"), new(Other, 12, "de", "another")];
        Assert.Equal(stories, Shown.Read([Shown.Say(stories)]));
        Assert.Empty(Shown.Read([Shown.Say([])])!);
        foreach (var broken in new[] { "", "x", $"{Story:N};3;au", $"{Story:N};three;au;a-story", $"{Shown.Say(stories)},x" }) Assert.Null(Shown.Read([broken]));
    }
}
