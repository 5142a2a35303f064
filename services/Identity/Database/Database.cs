using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using System.Security.Cryptography.X509Certificates;
using Vigil.Hosting;
using Migration = Vigil.Hosting.Migration;

namespace Vigil.Identity.Database;

public static class Database
{
    public static void AddDatabase(this WebApplicationBuilder builder, Settings settings)
    {
        // Its errors may quote rows; what failed is logged by the process-wide handler.
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.None);
        builder.Services.AddDbContext<IdentityDatabase>(o => o
            .UseNpgsql(
                new NpgsqlConnectionStringBuilder(settings.Connection) { ApplicationName = "identity" }.ConnectionString,
                // Outages come out as they are, so that they are answered as outages.
                npgsql => npgsql.MigrationsHistoryTable("Migrations", IdentityDatabase.Schema).ExecutionStrategy(d => new NonRetryingExecutionStrategy(d)))
            .UseOpenIddict<Guid>());

        var ring = builder.Services.AddDataProtection().SetApplicationName("vigil-identity").PersistKeysToDbContext<IdentityDatabase>();
        if (settings.KeyRingCertificate is { } file) ring.ProtectKeysWithCertificate(X509Certificate2.CreateFromPemFile(file));

        builder.Services.AddHealthChecks().AddCheck<DatabaseHealth>("database", tags: ["ready"]);
    }

    /// <summary>Brings the schema up to date, then lets each room put in what it needs. One process does so at a time.</summary>
    public static async Task Migrate(this WebApplication app, params Func<IServiceProvider, Task>[] rooms)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IdentityDatabase>();
        await db.Database.OpenConnectionAsync();
        await db.Database.ExecuteSqlAsync($"select pg_advisory_lock(hashtext('vigil.identity.migrate'))");
        if (!Migration.MayDestroy(app.Configuration) && Losses(db, await db.Database.GetPendingMigrationsAsync()) is { Count: > 0 } losses) Migration.Refuse(app.OwnLogger(), losses);
        await db.Database.MigrateAsync();
        foreach (var room in rooms) await room(scope.ServiceProvider);
        await db.Database.CloseConnectionAsync();
    }

    /// <summary>What of these migrations drops or changes something that may be there.</summary>
    public static IReadOnlyList<string> Losses(DbContext db, IEnumerable<string> migrations)
    {
        var assembly = db.GetService<IMigrationsAssembly>();
        return [.. from name in migrations
                   from operation in assembly.CreateMigration(assembly.Migrations[name], db.Database.ProviderName!).UpOperations
                   where operation.IsDestructiveChange || operation is AlterColumnOperation
                   select $"{name}: {operation.GetType().Name}"];
    }
}

sealed class DatabaseHealth(IdentityDatabase db) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        await db.Database.CanConnectAsync(cancellationToken) ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("The database does not answer.");
}
