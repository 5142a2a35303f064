using System.Diagnostics;

namespace Vigil.Kit;

public static class Wait
{
    /// <summary>Looks again and again until what it sees is good; on time-out says what it saw last. Where no time is promised, one look more is for a busy machine that took long over one.</summary>
    public static async Task<T> Until<T>(Func<Task<T>> look, Func<T, bool> good, string what, TimeSpan? within = null)
    {
        var bound = within ?? TimeSpan.FromSeconds(30);
        var watch = Stopwatch.StartNew();
        object? last = null;
        while (true)
        {
            var began = watch.Elapsed;
            try
            {
                var seen = await look();
                if (good(seen)) return seen;
                last = seen;
            }
            catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException or Npgsql.NpgsqlException)
            {
                last = e.Message;
            }
            if ((within is null ? began : watch.Elapsed) > bound) throw new TimeoutException($"Not within {bound.TotalSeconds:0} s: {what}. Last seen: {(last is System.Collections.IEnumerable and not string ? string.Join(", ", ((System.Collections.IEnumerable)last).Cast<object>()) : last)}");
            await Task.Delay(30);
        }
    }

    /// <summary>For what is counted by the hour or the day: when the next one begins within the half minute that it takes, waits for that.</summary>
    public static async Task PastTheTurn()
    {
        while (DateTime.UtcNow is { Minute: 59, Second: >= 30 }) await Task.Delay(100);
    }
}
