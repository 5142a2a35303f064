using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Marten;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Vigil.Hosting;

/// <summary>A number that somebody has to go and look for, once per export. While it cannot be had, there is none.</summary>
public sealed record Gauge(string Name, string Unit, string Description, Func<IServiceProvider, CancellationToken, Task<IEnumerable<Measurement<double>>>> Look)
{
    /// <summary>One number of the service's database.</summary>
    public static Gauge Of(string name, string unit, string description, string sql, Func<IServiceProvider, object[]>? values = null, params KeyValuePair<string, object?>[] tags) =>
        new(name, unit, description, async (services, ct) =>
        {
            await using var connection = services.GetRequiredService<IDocumentStore>().Storage.Database.CreateConnection();
            await connection.OpenAsync(ct);
            await using var command = new NpgsqlCommand(sql, connection);
            foreach (var value in values?.Invoke(services) ?? []) command.Parameters.Add(new() { Value = value });
            return [new(Convert.ToDouble(await command.ExecuteScalarAsync(ct), System.Globalization.CultureInfo.InvariantCulture), tags)];
        });
}

/// <summary>Looks at every gauge as often as measurements are exported.</summary>
sealed class Gauges(IEnumerable<Gauge> gauges, IServiceProvider services, IConfiguration configuration, TimeProvider clock) : BackgroundService
{
    readonly ConcurrentDictionary<Gauge, IEnumerable<Measurement<double>>> _seen = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var name in gauges.GroupBy(g => g.Name))
            Telemetry.Meter.CreateObservableGauge(name.Key, () => name.SelectMany(g => _seen.GetValueOrDefault(g) ?? []), name.First().Unit, name.First().Description);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(configuration.GetValue("OTEL_METRIC_EXPORT_INTERVAL", 60_000) / 2.0), clock);
        do
            foreach (var gauge in gauges)
                try { _seen[gauge] = [.. await gauge.Look(services, stoppingToken)]; }
                catch (Exception) when (!stoppingToken.IsCancellationRequested) { _seen.TryRemove(gauge, out _); }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
