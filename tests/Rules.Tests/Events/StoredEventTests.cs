using System.Collections;
using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Vigil.Hosting;
using Vigil.Kit;

namespace Vigil.Rules.Tests.Events;

/// <summary>What the streams hold for ever, as each service's own store writes it.</summary>
public partial class StoredEventTests
{
    public sealed record Known(string Name, Type Type);

    static IEnumerable<(Part Part, Known Event)> All =>
        from part in Part.WithStore
        from e in part.Store.Events.AllKnownEventTypes()
        where e.EventType.Namespace!.StartsWith("Vigil.", StringComparison.Ordinal)
        select (part, new Known(e.EventTypeName, e.EventType));

    public static TheoryData<string, string> Events => [.. All.Select(e => (e.Part.Name, e.Event.Name))];

    static (Part, Known) Find(string part, string name) => All.Single(e => e.Part.Name == part && e.Event.Name == name);

    [Theory, MemberData(nameof(Events))]
    public void An_event_is_stored_as_was_approved(string service, string name)
    {
        var (part, known) = Find(service, name);
        var approved = new JsonObject
        {
            ["type"] = known.Name,
            ["full"] = new JsonArray([.. Sample.Full(known.Type).Select(e => Write(part, e))]),
            ["minimal"] = Write(part, Sample.Minimal(known.Type)),
        };
        Assert.Empty(Pretty.WrongNames(approved));
        Approved.Is(File(service, name), Pretty.Json(approved));
    }

    [Theory, MemberData(nameof(Events))]
    public void What_was_approved_is_read_whatever_else_it_says(string service, string name)
    {
        var (part, known) = Find(service, name);
        var approved = JsonNode.Parse(System.IO.File.ReadAllText(Path.Combine(Approved.Root, "tests", File(service, name))))!;
        foreach (var stored in approved["full"]!.AsArray().Append(approved["minimal"]))
            foreach (var variant in new[] { stored!, Pretty.WithUnknownMember(stored!), Pretty.WithoutEmptyMembers(stored!) })
            {
                using var bytes = new MemoryStream(Encoding.UTF8.GetBytes(variant.ToJsonString()));
                Assert.Equal(stored!.ToJsonString(), Write(part, part.Store.Serializer().FromJson(known.Type, bytes)).ToJsonString());
            }
    }

    /// <summary>A file that no event has any more is a promise that was broken.</summary>
    [Fact]
    public void Every_approved_event_is_still_known()
    {
        var files = Directory.GetFiles(Path.Combine(Approved.Root, "tests/Rules.Tests/Events"), "*.approved.json").Select(f => Path.GetFileName(f)!);
        Assert.Equal(All.Select(e => Path.GetFileName(File(e.Part.Name, e.Event.Name))).Order(StringComparer.Ordinal), files.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_event_is_named_with_its_version_and_holds_no_words() => Assert.Empty(All.SelectMany(e => Violations(e.Event)));

    [Theory]
    [InlineData("spoken", typeof(Harmless), "name")]
    [InlineData("harmless", typeof(Harmless), "name")]
    [InlineData("tests.spoken.v1", typeof(Spoken), "Words")]
    [InlineData("tests.spoken.v1", typeof(SpokenWithin), "Inner[].Words")]
    public void An_event_that_is_not_or_does_is_reported(string name, Type type, string where) => Assert.Contains(Violations(new(name, type)), v => v.Contains(where));

    sealed record Harmless(Guid By);
    sealed record Spoken(string Words);
    sealed record SpokenWithin(IReadOnlyList<Spoken> Inner);

    /// <summary>Every type that an event of any service records is named: nothing is appended under the name of its class.</summary>
    [Fact]
    public void Every_event_that_an_aggregate_applies_is_named()
    {
        var named = All.Select(e => e.Event.Type).ToHashSet();
        var applied = Part.WithStore.SelectMany(p => p.Assembly.GetTypes()).SelectMany(t => t.GetMethods()).Where(m => m.IsStatic && m.Name is "Create" or "Apply")
            .Select(m => m.GetParameters()[0].ParameterType).Select(t => t.IsGenericType && t.GetGenericTypeDefinition() == typeof(JasperFx.Events.IEvent<>) ? t.GetGenericArguments()[0] : t)
            .Where(t => t.Namespace!.StartsWith("Vigil.", StringComparison.Ordinal)).ToHashSet();
        Assert.NotEmpty(applied);
        Assert.Empty(applied.Except(named));
    }

    // Each is a digest or an address of ours, never words.
    static readonly HashSet<Type> Values = [typeof(TextHash), typeof(EditionKey), typeof(Guid), typeof(int), typeof(long), typeof(bool), typeof(DateTimeOffset)];

    static IEnumerable<string> Violations(Known e)
    {
        if (!Name().IsMatch(e.Name)) yield return $"{e.Name} is no name of the form noun.happened.v1";
        foreach (var words in Words(e.Type, e.Type.Name)) yield return $"{words} may hold words";
    }

    static IEnumerable<string> Words(Type type, string path)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (plain.IsEnum || Values.Contains(plain)) return [];
        if (plain != typeof(string) && plain.IsAssignableTo(typeof(IEnumerable))) return plain.GetGenericArguments().SelectMany(t => Words(t, $"{path}[]"));
        return Sample.IsComposite(plain) ? plain.GetProperties(BindingFlags.Public | BindingFlags.Instance).SelectMany(p => Words(p.PropertyType, $"{path}.{p.Name}")) : [path];
    }

    [GeneratedRegex(@"^[a-z]+\.[a-z]+(-[a-z]+)*\.v[1-9]$")]
    private static partial Regex Name();

    static string File(string service, string name) => $"Rules.Tests/Events/{service}-{name.Replace('.', '-')}.approved.json";

    static JsonNode Write(Part part, object e) => JsonNode.Parse(part.Store.Serializer().ToJson(e))!;
}
