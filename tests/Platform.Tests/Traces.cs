namespace Vigil.Journeys;

/// <summary>Where words are still to be found.</summary>
static class Traces
{
    /// <param name="tables">A pattern of LIKE.</param>
    /// <returns>The tables, of any schema, that have a row with this in it.</returns>
    public static async Task<IReadOnlyList<string>> InTables(this Platform platform, string words, string tables = "%")
    {
        var found = new List<string>();
        foreach (var table in await platform.Query<string>(
            "select quote_ident(schemaname) || '.' || quote_ident(tablename) from pg_tables where schemaname in ('authoring', 'publishing', 'notification', 'identity') and tablename like $1", tables))
            if ((await platform.Query<bool>($"select exists (select from {table} t where t::text ilike '%' || $1 || '%')", words))[0]) found.Add(table);
        return found;
    }

    /// <returns>The lines of any process's log that have this in them.</returns>
    public static IReadOnlyList<string> InLogs(this Platform platform, string words) =>
        [.. platform.Instances.SelectMany(i => i.Log).Where(line => line.Contains(words, StringComparison.OrdinalIgnoreCase))];
}
