using System.Text.RegularExpressions;
using JasperFx;
using Marten;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Npgsql;
using Weasel.Core;

namespace Vigil.Hosting;

/// <summary>
/// The step that brings the schema up to date. It only adds, and drops what only made something faster, so that the version of before goes on beside it and can be gone back to: what would drop or
/// change anything else is shown and refused, unless it is told <c>--allow-destructive</c>.
/// </summary>
public static partial class Migration
{
    [GeneratedRegex(@"\bdrop\s+(?!function\b|index\s+(concurrently\s+)?(if\s+exists\s+)?\S+_idx_)\w+|\balter\s+column\s+\S+\s+(set\s+data\s+)?type\b|\btruncate\b|\bdelete\s+from\b", RegexOptions.IgnoreCase)]
    private static partial Regex Loss();

    /// <summary>The statements after which something that was there is not, or is another. Functions hold nothing, nor do indexes by Marten's name of those that only make something faster.</summary>
    public static IEnumerable<string> Destructive(string sql) =>
        sql.Split(';').Select(s => string.Join(' ', s.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))).Where(s => Loss().IsMatch(s));

    public static bool MayDestroy(IConfiguration configuration) => configuration.GetValue("allow-destructive", false);

    public static void Refuse(ILogger log, IReadOnlyCollection<string> losses)
    {
        foreach (var loss in losses) log.LogError("This would be lost: {Loss}", loss);
        throw new InvalidOperationException("Nothing was changed. Once no process of the version before runs, and nobody will go back to it: migrate --allow-destructive.");
    }

    public static async Task Run(IDocumentStore store, IConfiguration configuration, ILogger log)
    {
        var database = store.Storage.Database;
        var migration = await database.CreateMigrationAsync();
        if (!MayDestroy(configuration))
        {
            var losses = new List<string>();
            foreach (var delta in migration.Deltas)
                if (delta.Difference is SchemaPatchDifference.Update or SchemaPatchDifference.Invalid) losses.AddRange(Destructive(Written(delta, database.Migrator)));
                // It is written as dropped and made anew, which is right only where it is not.
                else if (delta.Difference is SchemaPatchDifference.Create && await Exists(database, delta.SchemaObject.Identifier)) losses.Add($"drop {delta.SchemaObject.Identifier}");
            if (losses.Count > 0) Refuse(log, losses);
        }
        await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
    }

    static string Written(ISchemaObjectDelta delta, Migrator migrator)
    {
        using var writer = new StringWriter();
        delta.WriteUpdate(migrator, writer);
        return writer.ToString();
    }

    static async Task<bool> Exists(Marten.Storage.IMartenDatabase database, DbObjectName name)
    {
        await using var connection = database.CreateConnection();
        await connection.OpenAsync();
        await using var find = new NpgsqlCommand("select to_regclass($1) is not null", connection) { Parameters = { new() { Value = name.QualifiedName } } };
        return (bool)(await find.ExecuteScalarAsync())!;
    }
}
