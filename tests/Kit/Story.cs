using System.Reflection;
using JasperFx.Events;
using Vigil.Hosting;
using Xunit;

namespace Vigil.Kit;

/// <summary>A stream told by its events, folded as the store folds it: Given, When, Then, and once more to see that nothing new comes.</summary>
public sealed class Story<T>(Guid id, params object[] events) where T : class
{
    public static Story<T> Given(Guid id, params object[] events) => new(id, events);

    public Story<T> And(params object[] more) => new(id, [.. events, .. more]);

    public T State => Fold(id, events) ?? throw new InvalidOperationException("The story has no beginning.");

    public Told When(Func<T, Decision> decide) => new(this, decide, decide(State));

    public sealed class Told(Story<T> before, Func<T, Decision> decide, Decision decision)
    {
        public Told Then(params object[] expected)
        {
            var recorded = Assert.IsType<Decision.Recorded>(decision);
            Assert.Equivalent(expected, recorded.Events, strict: true);
            Assert.Equal(expected.Select(e => e.GetType()), recorded.Events.Select(e => e.GetType()));
            return AndTwiceIsOnce();
        }

        public void ThenNothing() => Assert.IsType<Decision.Unchanged>(decision);

        public void ThenRefused(string code)
        {
            var refused = Assert.IsType<Decision.Refused>(decision);
            Assert.Equal(code, refused.Faults[0].Code);
            Assert.Contains(code, Refusals.All.Keys);
        }

        /// <summary>The same command on the state that it made changes nothing.</summary>
        public Told AndTwiceIsOnce()
        {
            var after = before.And([.. ((Decision.Recorded)decision).Events]).State;
            Assert.IsType<Decision.Unchanged>(decide(after));
            return this;
        }

        /// <summary>One word for a table: the events by name, <c>nothing</c>, or the code of the refusal.</summary>
        public override string ToString() => decision switch
        {
            Decision.Recorded r => string.Join('+', r.Events.Select(e => e.GetType().Name)),
            Decision.Refused r => r.Faults[0].Code,
            _ => "nothing",
        };
    }

    /// <summary>Calls the aggregate's own Create and Apply, as the store does; an event that reaches none is a fault of the test or the noun.</summary>
    public static T? Fold(Guid id, IEnumerable<object> events)
    {
        T? state = null;
        long version = 0;
        foreach (var data in events)
        {
            version++;
            var wrapped = (IEvent)Activator.CreateInstance(typeof(Event<>).MakeGenericType(data.GetType()), data)!;
            wrapped.StreamId = id;
            wrapped.Version = version;
            var method = typeof(T).GetMethods(BindingFlags.Public | BindingFlags.Static).SingleOrDefault(m => m.Name is "Create" or "Apply" && m.GetParameters() is var p
                && (p[0].ParameterType == data.GetType() || p[0].ParameterType == typeof(IEvent<>).MakeGenericType(data.GetType()))
                && (p.Length == 1) == (state is null)) ?? throw new MissingMethodException(typeof(T).Name, $"Apply({data.GetType().Name})");
            object argument = method.GetParameters()[0].ParameterType.IsInstanceOfType(wrapped) ? wrapped : data;
            state = (T)method.Invoke(null, state is null ? [argument] : [argument, state])!;
            typeof(T).GetProperty("Version")?.SetValue(state, version);
        }
        return state;
    }
}
