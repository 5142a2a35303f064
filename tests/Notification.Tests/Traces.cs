using System.Text;

namespace Vigil.Notification.Tests;

/// <summary>Where a word stands in the service's schema, whatever tables it has: as text, or as the bytes of it.</summary>
public static class Traces
{
    public static async Task<IReadOnlyList<string>> Of(Platform platform, string word)
    {
        var found = new List<string>();
        var tables = await platform.Query<string>("select table_name::text from information_schema.tables where table_schema = 'notification' and table_type = 'BASE TABLE'");
        Assert.NotEmpty(tables);
        foreach (var table in tables)
            if ((await platform.Query<bool>($"select exists (select 1 from notification.\"{table}\" t where t::text ilike $1 or t::text ilike $2)", $"%{word}%", $"%{Convert.ToHexString(Encoding.UTF8.GetBytes(word))}%"))[0])
                found.Add(table);
        return found;
    }
}
