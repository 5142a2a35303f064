using System.Text.Json;
using System.Text.Json.Nodes;
using MassTransit;
using Vigil.Rules.Tests.Contracts;

namespace Vigil.Rules.Tests.Architecture;

/// <summary>Where messages wait.</summary>
public class QueueTests
{
    public sealed record Queue(string Service, string Name, bool IsDurable, bool IsTemporary, string? Kind, bool HasSingleActiveConsumer, IReadOnlyList<string> Hears);

    static readonly Lazy<IReadOnlyList<Queue>> All = new(() => [.. Part.WithStore.SelectMany(Read)]);

    /// <summary>As the configured bus would declare them to the broker.</summary>
    static IEnumerable<Queue> Read(Part part) =>
        from endpoint in Each(JsonSerializer.SerializeToNode(part.Bus.GetProbeResult().Results)!["bus"]!["host"]!["receiveEndpoint"])
        let transport = endpoint["receiveTransport"]!
        // The address that the process itself has for answers; nobody asks.
        where !part.Bus.Address.AbsolutePath.EndsWith($"/{(string)endpoint["name"]!}", StringComparison.Ordinal)
        let arguments = transport["queueArguments"]
        select new Queue(part.Name, (string)transport["queueName"]!, (bool)transport["durable"]!, (bool)transport["autoDelete"]! || (bool)transport["exclusive"]!,
            (string?)arguments?["x-queue-type"], (bool?)arguments?["x-single-active-consumer"] ?? false,
            [.. Each(transport["topology"]!["exchange-binding"]).Select(b => (string)b["source"]!)]);

    public static Queue Of(string name) => All.Value.Single(q => q.Name == name);

    // The probe writes one as an object and several as an array.
    static IEnumerable<JsonNode> Each(JsonNode? node) => node switch { null => [], JsonArray several => several.Select(n => n!), _ => [node] };

    static readonly string[] Contracts = [.. ContractTests.Messages(typeof(Vigil.Contracts.Authoring.ArticleReleased).Assembly).Select(ContractTests.EntityName)];

    [Fact]
    public void Every_queue_keeps_what_it_takes_and_hands_it_to_one()
    {
        Assert.All(Part.WithStore, p => Assert.Contains(All.Value, q => q.Service == p.Name));
        Assert.Empty(All.Value.SelectMany(Violations));
    }

    static readonly Queue Good = new("publishing", "publishing-releases", true, false, "quorum", true, ["authoring.article-released.v1"]);

    public static TheoryData<Queue> Bad => [
        Good with { Name = "releases" }, Good with { Name = "authoring-releases" }, Good with { IsDurable = false }, Good with { IsTemporary = true },
        Good with { Kind = null }, Good with { HasSingleActiveConsumer = false }, Good with { Hears = [] }, Good with { Hears = ["Vigil.Some:Thing"] },
    ];

    [Theory, MemberData(nameof(Bad))]
    public void A_queue_that_does_not_is_reported(Queue queue) => Assert.Single(Violations(queue));

    static IEnumerable<string> Violations(Queue q)
    {
        if (!q.Name.StartsWith($"{q.Service}-", StringComparison.Ordinal)) yield return $"{q.Name} does not carry the name of {q.Service}";
        if (!q.IsDurable || q.IsTemporary) yield return $"{q.Name} may vanish";
        if (q.Kind != "quorum") yield return $"{q.Name} is no quorum queue";
        if (!q.HasSingleActiveConsumer) yield return $"{q.Name} has several consumers at once";
        if (q.Hears.Count == 0) yield return $"{q.Name} hears nothing";
        foreach (var name in q.Hears.Except(Contracts)) yield return $"{q.Name} hears {name}, which is no contract";
    }

    [Fact]
    public void Every_contract_has_a_durable_consumer() => Assert.Empty(Unheard(Contracts, All.Value));

    [Fact]
    public void A_contract_that_has_none_is_reported() => Assert.Equal(["tests.unheard.v1"], Unheard([.. Contracts, "tests.unheard.v1"], All.Value));

    static IEnumerable<string> Unheard(IEnumerable<string> contracts, IEnumerable<Queue> queues) => contracts.Except(queues.SelectMany(q => q.Hears));

    /// <summary>What only says that the process is there, or carries an answer, would be a queue that nobody approved.</summary>
    [Fact]
    public void Each_queue_is_declared_once() => Assert.Equal(All.Value.Select(q => q.Name).Distinct(), All.Value.Select(q => q.Name));
}
