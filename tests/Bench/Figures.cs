using System.Globalization;

namespace Vigil.Bench;

/// <summary>Samples in milliseconds, told by their quantiles.</summary>
sealed class Figures
{
    readonly List<double> _samples = [];

    public void Add(TimeSpan sample) => _samples.Add(sample.TotalMilliseconds);

    public string Row(string what)
    {
        var sorted = _samples.Order().ToArray();
        string At(double q) => sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * q))].ToString("0", CultureInfo.InvariantCulture);
        return $"| {what} | {sorted.Length} | {At(0.5)} | {At(0.9)} | {At(0.99)} | {At(1)} |";
    }

    public const string Head = "| | samples | p50 ms | p90 ms | p99 ms | most ms |\n|---|---|---|---|---|---|";
}

static class Progress
{
    public static Task Say(string what) => Console.Error.WriteLineAsync(what);
}
