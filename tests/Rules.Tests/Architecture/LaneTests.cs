using Vigil.Gateway.Darkness;
using Vigil.Publishing.Publications;

namespace Vigil.Rules.Tests.Architecture;

/// <summary>An ending is heard whichever way it comes: over the broker, or over HTTP while that is away.</summary>
public class LaneTests
{
    static readonly string[] OnTheBroker = [.. QueueTests.Of("publishing-endings").Hears.Select(name => name.Replace('.', ':'))];

    [Fact]
    public void Whatever_ends_a_story_on_the_broker_ends_it_over_HTTP() =>
        Assert.Empty(Unheard(OnTheBroker, Publications.Endings.Kinds, KnownEndings.Answers.Keys));

    [Theory, InlineData(true, false), InlineData(false, true)]
    public void An_ending_that_one_of_them_does_not_know_is_reported(bool publishing, bool gateway) =>
        Assert.Single(Unheard([.. OnTheBroker, "authoring:article-burnt:v1"],
            [.. OnTheBroker, .. publishing ? ["authoring:article-burnt:v1"] : Array.Empty<string>()], [.. OnTheBroker, .. gateway ? ["authoring:article-burnt:v1"] : Array.Empty<string>()]));

    static IEnumerable<string> Unheard(IReadOnlyCollection<string> broker, IEnumerable<string> publishing, IEnumerable<string> gateway) =>
        broker.Except(publishing).Select(k => $"Publishing does not take {k} over HTTP").Concat(broker.Except(gateway).Select(k => $"the gateway does not know {k}"));
}
