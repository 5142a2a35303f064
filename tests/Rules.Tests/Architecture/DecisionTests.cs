using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using Vigil.Hosting;

namespace Vigil.Rules.Tests.Architecture;

/// <summary>Decisions are functions of what they are given: no store, no clock, no chance.</summary>
public class DecisionTests
{
    const BindingFlags Any = BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    static readonly Type[] Answers = [typeof(Decision), typeof(Publishing.Publications.GateDecision)];

    /// <summary>Whatever is called a decision, and whatever answers like one; not what the compiler made of lambdas.</summary>
    static IEnumerable<MethodInfo> Decisions(IEnumerable<Type> types) => types.SelectMany(t => t.GetMethods(Any))
        .Where(m => !m.Name.Contains('<') && (m.Name.StartsWith("Decide", StringComparison.Ordinal) || Answers.Contains(m.ReturnType)) && !m.IsSpecialName && !m.IsDefined(typeof(CompilerGeneratedAttribute)));

    static readonly MethodInfo[] All = [.. Decisions(Part.All.SelectMany(p => p.Assembly.GetTypes()))];

    [Fact]
    public void Every_decision_is_pure()
    {
        Assert.True(All.Length > 20);
        Assert.Empty(All.SelectMany(Violations));
    }

    public static TheoryData<string> Canaries => [.. typeof(Impure).GetMethods(Any).Where(m => !m.Name.Contains('<')).Select(m => m.Name)];

    [Theory, MemberData(nameof(Canaries))]
    public void One_that_is_not_is_reported(string name)
    {
        var method = Decisions([typeof(Impure)]).Single(m => m.Name == name);
        Assert.Single(Violations(method));
    }

    sealed class Impure
    {
#pragma warning disable CA1822, IDE0060
        public Decision DecideOnInstance() => Decision.Nothing;
        public static Task<Decision> DecideLater(int x) => Task.FromResult(Decision.Nothing);
        public static bool DecideOther(int x) => x > 0;
        public static Decision ReadsStore(Marten.IQuerySession session) => Decision.Nothing;
        public static Decision ReadsClock(TimeProvider clock) => Decision.Nothing;
        public static Decision ReadsServices(IReadOnlyList<IServiceProvider> services) => Decision.Nothing;
        public static Decision CallsBack(Func<bool> ask) => Decision.Nothing;
        public static Decision Keeps(TextBatch texts) => Decision.Nothing;
        public static Decision LooksAtTheClock(int x) => Decision.Record(DateTimeOffset.UtcNow);
        public static Decision Draws(int x) => Decision.Record(Guid.NewGuid());
        public static Decision DrawsWithin(int x) => Decision.Record(new[] { x }.Select(_ => (object)Guid.NewGuid()).ToArray());
#pragma warning restore CA1822, IDE0060
    }

    static IEnumerable<string> Violations(MethodInfo m)
    {
        var name = $"{m.DeclaringType!.FullName}.{m.Name}";
        if (!m.IsStatic) yield return $"{name} is not static";
        if (!Answers.Contains(m.ReturnType)) yield return $"{name} answers with {m.ReturnType.Name}";
        foreach (var p in m.GetParameters().Where(p => !IsPlain(p.ParameterType, []))) yield return $"{name} takes {p.ParameterType.Name}";
        foreach (var called in Calls(m).Where(IsChance).Distinct()) yield return $"{name} calls {called.DeclaringType!.Name}.{called.Name}";
    }

    /// <summary>Values, records of ours all of whose members are plain, and lists of such.</summary>
    static bool IsPlain(Type type, HashSet<Type> seen)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (plain.IsPrimitive || plain.IsEnum || plain == typeof(string) || plain == typeof(Guid) || plain == typeof(DateTimeOffset) || plain == typeof(TimeSpan) || !seen.Add(plain)) return true;
        if (plain.IsGenericType && plain.Namespace!.StartsWith("System.Collections", StringComparison.Ordinal)) return plain.GetGenericArguments().All(a => IsPlain(a, seen));
        var isRecord = plain.GetMethod("<Clone>$") is not null || plain.IsValueType;
        return isRecord && Sample.IsComposite(plain) && plain.GetProperties().All(p => IsPlain(p.PropertyType, seen));
    }

    static bool IsChance(MethodBase m) => m.DeclaringType == typeof(TimeProvider) || m.DeclaringType == typeof(Random) || m.DeclaringType == typeof(System.Security.Cryptography.RandomNumberGenerator)
        || m.DeclaringType == typeof(System.Diagnostics.Stopwatch)
        || m.Name is "NewGuid" or "CreateVersion7" || m.Name is "get_Now" or "get_UtcNow" or "get_Today" && (m.DeclaringType == typeof(DateTime) || m.DeclaringType == typeof(DateTimeOffset));

    /// <summary>What a method calls, its lambdas and local functions included.</summary>
    static IEnumerable<MethodBase> Calls(MethodInfo method)
    {
        var within = method.DeclaringType!.GetNestedTypes(BindingFlags.NonPublic).Where(t => t.IsDefined(typeof(CompilerGeneratedAttribute))).Append(method.DeclaringType)
            .SelectMany(t => t.GetMethods(Any)).Where(m => m.Name.StartsWith($"<{method.Name}>", StringComparison.Ordinal));
        return within.Prepend(method).SelectMany(Direct);
    }

    static IEnumerable<MethodBase> Direct(MethodInfo method)
    {
        var code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        for (var i = 0; i + 4 < code.Length; i++)
        {
            if (code[i] != OpCodes.Call.Value && code[i] != OpCodes.Callvirt.Value && code[i] != OpCodes.Newobj.Value) continue;
            MethodBase? called = null;
            // Not every byte of this value is an instruction; what follows the others names no method.
            try { called = method.Module.ResolveMethod(BitConverter.ToInt32(code, i + 1), method.DeclaringType!.GetGenericArguments(), null); }
            catch (ArgumentException) { }
            if (called is not null) yield return called;
        }
    }
}
