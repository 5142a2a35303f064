using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Vigil.Rules.Tests;

/// <summary>Values of any record, made from its shape alone, so that a new type is covered before anybody thinks of it.</summary>
public static class Sample
{
    static readonly DateTimeOffset At = new(2026, 3, 1, 12, 30, 15, 250, TimeSpan.Zero);
    static readonly NullabilityInfoContext Nullability = new();

    /// <summary>Every member set; as many as it takes to name every value of every enum.</summary>
    public static IReadOnlyList<object> Full(Type type) => [.. Enumerable.Range(0, Variants(type, [])).Select(n => Make(type, type.Name, n, full: true)!)];

    /// <summary>Only what has to be there.</summary>
    public static object Minimal(Type type) => Make(type, type.Name, 0, full: false)!;

    static int Variants(Type type, HashSet<Type> seen)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (plain.IsEnum) return Enum.GetValues(plain).Length;
        // A list shows all variants of its elements at once.
        if (ElementOf(plain) is not null || !IsComposite(plain) || !seen.Add(plain)) return 1;
        return plain.GetProperties().Where(p => p.Name != "EqualityContract").Select(p => Variants(p.PropertyType, seen)).DefaultIfEmpty(1).Max();
    }

    static object? Make(Type type, string name, int variant, bool full)
    {
        if (Nullable.GetUnderlyingType(type) is { } plain) return full ? Make(plain, name, variant, full) : null;
        if (type == typeof(string)) return $"{name} ü";
        if (type == typeof(Guid)) return new Guid("11111111-1111-4111-8111-111111111111");
        if (type == typeof(int)) return 3;
        if (type == typeof(long)) return 7L;
        if (type == typeof(bool)) return true;
        if (type == typeof(DateTimeOffset)) return At;
        if (type.IsEnum) return Enum.GetValues(type).GetValue(variant % Enum.GetValues(type).Length);
        if (ElementOf(type) is { } element) return ListOf(type, element, name, full);
        if (!IsComposite(type)) throw new NotSupportedException($"A member of type {type} is new here; say how its sample is made.");

        var constructor = type.GetConstructors().Where(c => c.GetParameters() is not [{ } only] || only.ParameterType != type).MaxBy(c => c.GetParameters().Length)!;
        var made = constructor.Invoke([.. constructor.GetParameters().Select(p => full || !MayBeNull(p) ? Make(p.ParameterType, Capital(p.Name!), variant, full) : null)]);
        foreach (var property in type.GetProperties().Where(p => p.SetMethod is not null && constructor.GetParameters().All(c => Capital(c.Name!) != p.Name)))
            if (full || property.IsDefined(typeof(RequiredMemberAttribute))) property.SetValue(made, Make(property.PropertyType, property.Name, variant, full));
        return made;
    }

    static object ListOf(Type type, Type element, string name, bool full)
    {
        var items = Array.CreateInstance(element, full ? Variants(element, []) : 0);
        for (var i = 0; i < items.Length; i++) items.SetValue(Make(element, name, i, full), i);
        return type.GetGenericTypeDefinition() == typeof(ImmutableArray<>)
            ? typeof(ImmutableArray).GetMethods().Single(m => m.Name == "Create" && m.IsGenericMethod && m.GetParameters() is [{ ParameterType.IsArray: true }])
                .MakeGenericMethod(element).Invoke(null, [items])!
            : items;
    }

    public static Type? ElementOf(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() is var open
        && (open == typeof(IReadOnlyList<>) || open == typeof(ImmutableArray<>)) ? type.GetGenericArguments()[0] : null;

    public static bool IsComposite(Type type) => type.Namespace?.StartsWith("Vigil.", StringComparison.Ordinal) == true && !type.IsEnum;

    static bool MayBeNull(ParameterInfo parameter) => Nullability.Create(parameter).WriteState is NullabilityState.Nullable;

    static string Capital(string name) => char.ToUpperInvariant(name[0]) + name[1..];
}
