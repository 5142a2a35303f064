using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MassTransit;
using MassTransit.Context;
using MassTransit.Serialization;
using Vigil.Kit;

namespace Vigil.Rules.Tests.Contracts;

/// <summary>What services say to each other, byte for byte as the configured bus says it.</summary>
public partial class ContractTests
{
    public static IEnumerable<Type> Messages(Assembly assembly) => assembly.GetExportedTypes().Where(t => t.IsDefined(typeof(MessageUrnAttribute)) || t.IsDefined(typeof(EntityNameAttribute)));

    static readonly Type[] All = [.. Messages(typeof(Vigil.Contracts.Authoring.ArticleReleased).Assembly)];

    public static TheoryData<Type> Types => [.. All];

    // Whichever service publishes: all configure the bus in the same way, and here it is configured.
    static readonly IBusControl Bus = Part.Authoring.Bus;

    [Theory, MemberData(nameof(Types))]
    public void A_message_is_what_was_approved(Type type)
    {
        var envelope = Send(Sample.Minimal(type));
        var approved = new JsonObject
        {
            ["exchange"] = (string)Generic(nameof(ExchangeOf), type),
            ["messageType"] = envelope["messageType"]!.DeepClone(),
            ["full"] = new JsonArray([.. Sample.Full(type).Select(m => Send(m)["message"]!.DeepClone())]),
            ["minimal"] = envelope["message"]!.DeepClone(),
        };
        Approved.Is($"Rules.Tests/Contracts/{EntityName(type)}.approved.json", Pretty.Json(approved));
    }

    [Theory, MemberData(nameof(Types))]
    public void What_was_approved_is_read_whatever_else_it_says(Type type)
    {
        var approved = JsonNode.Parse(File.ReadAllText(Path.Combine(Approved.Root, $"tests/Rules.Tests/Contracts/{EntityName(type)}.approved.json")))!;
        foreach (var (message, sample) in approved["full"]!.AsArray().Zip(Sample.Full(type)).Append((approved["minimal"], Sample.Minimal(type))))
            foreach (var sent in new[] { message!, Pretty.WithUnknownMember(message!), Pretty.WithoutEmptyMembers(message!) })
            {
                var read = Receive(type, sent);
                Assert.Equivalent(sample, read, strict: true);
                Assert.Equal(message!.ToJsonString(), Send(read)["message"]!.ToJsonString());
            }
    }

    [Theory, MemberData(nameof(Types))]
    public void A_message_without_a_required_member_is_not_read(Type type)
    {
        var message = Send(Sample.Minimal(type))["message"]!.AsObject();
        foreach (var (name, _) in message.Where(m => m.Value is not null and not JsonArray).ToArray())
        {
            var broken = message.DeepClone().AsObject();
            broken.Remove(name);
            Assert.ThrowsAny<Exception>(() => Receive(type, broken));
        }
    }

    /// <summary>So the relay can mark every message with the article that it is about, and a removal finds it in an error queue.</summary>
    [Fact]
    public void Every_contract_about_an_article_says_which_and_of_what_version() =>
        Assert.Equal([typeof(Vigil.Contracts.Publishing.EditionChanged)], All.Where(t => t.GetProperty("ArticleId")?.PropertyType != typeof(Guid) || t.GetProperty("Version")?.PropertyType != typeof(long)));

    [Fact]
    public void Every_contract_is_named_explicitly_with_its_owner_and_version() => Assert.Empty(All.SelectMany(Misnamed));

    [Theory]
    [InlineData(typeof(Nameless), "no urn")]
    [InlineData(typeof(Versionless), "versionless")]
    [InlineData(typeof(Apart), "do not agree")]
    public void A_contract_that_is_not_is_reported(Type type, string why) => Assert.Contains(Misnamed(type), v => v.Contains(why));

    [EntityName("tests.nameless.v1")] sealed record Nameless;
    [EntityName("tests.versionless"), MessageUrn("tests:versionless", useDefaultPrefix: false)] sealed record Versionless;
    [EntityName("tests.apart.v1"), MessageUrn("tests:a-part:v1", useDefaultPrefix: false)] sealed record Apart;

    [Fact]
    public void Every_public_record_of_the_contracts_is_a_message_or_part_of_one()
    {
        HashSet<Type> reached = [];
        void Reach(Type type)
        {
            var plain = Nullable.GetUnderlyingType(type) ?? Sample.ElementOf(type) ?? type;
            if (plain.Namespace?.StartsWith("Vigil.Contracts", StringComparison.Ordinal) == true && reached.Add(plain))
                foreach (var p in plain.GetProperties()) Reach(p.PropertyType);
        }
        foreach (var message in All) Reach(message);
        Assert.Empty(All[0].Assembly.GetExportedTypes().Except(reached));
    }

    static IEnumerable<string> Misnamed(Type type)
    {
        var (entity, urn) = (type.GetCustomAttribute<EntityNameAttribute>()?.EntityName, type.GetCustomAttribute<MessageUrnAttribute>()?.Urn.OriginalString);
        if (entity is null) yield return $"{type.Name} has no entity name";
        else if (!Name().IsMatch(entity)) yield return $"{entity} is not owner.what.v1";
        if (urn is null) yield return $"{type.Name} has no urn";
        else if (entity is not null && urn.Replace(':', '.') != entity) yield return $"{urn} and {entity} do not agree";
        if (entity is not null && type.Namespace!.Contains("Contracts.", StringComparison.Ordinal) && !type.Namespace.EndsWith($".{entity.Split('.')[0]}", StringComparison.OrdinalIgnoreCase))
            yield return $"{entity} stands in another owner's folder";
    }

    [GeneratedRegex(@"^[a-z]+\.[a-z]+(-[a-z]+)*\.v[1-9]$")]
    private static partial Regex Name();

    public static string EntityName(Type type) => type.GetCustomAttribute<EntityNameAttribute>()!.EntityName;

    static JsonNode Send(object message) => (JsonNode)Generic(nameof(SendAs), message.GetType(), message);

    static JsonNode SendAs<T>(T message) where T : class =>
        JsonNode.Parse(SystemTextJsonMessageSerializer.Instance.GetMessageBody(new MessageSendContext<T>(message)).GetBytes())!;

    static object Receive(Type type, JsonNode message) => Generic(nameof(ReceiveAs), type, message);

    static object ReceiveAs<T>(JsonNode message) where T : class
    {
        var envelope = SendAs((T)Sample.Minimal(typeof(T)));
        envelope["message"] = message.DeepClone();
        var context = SystemTextJsonMessageSerializer.Instance.Deserialize(new StringMessageBody(envelope.ToJsonString()), new DictionarySendHeaders(new Dictionary<string, object?>()), null);
        Assert.True(context.TryGetMessage<T>(out var read));
        return read!;
    }

    static string ExchangeOf<T>() where T : class => Bus.Topology.Message<T>().EntityName;

    static object Generic(string method, Type type, params object[] arguments) =>
        typeof(ContractTests).GetMethod(method, BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(type).Invoke(null, arguments)!;
}
