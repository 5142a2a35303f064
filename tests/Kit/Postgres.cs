using Npgsql;

namespace Vigil.Kit;

public sealed class Postgres(Place place)
{
    public int Port => place.Port;

    public Task Start() => Run("start");
    public Task Stop() => Run("stop");

    /// <summary>Recovers as after a crash.</summary>
    public Task Restart() => Run("restart");

    /// <summary>SIGKILL to all of it.</summary>
    public Task Kill() => Run("kill");

    Task<string> Run(string verb)
    {
        Forget();
        return Script.Run("deploy/postgres/run", [verb, place.Folder, place.Port]);
    }

    /// <summary>Connections kept from before would be dead.</summary>
    internal static void Forget() => NpgsqlConnection.ClearAllPools();

    /// <summary>A database with a role and a schema for each service.</summary>
    public Task Create(string database) => Script.Run("deploy/postgres/databases", [place.Folder, place.Port, database]);

    /// <summary>A database into a file, as deploy/backup does it.</summary>
    public Task Dump(string database, string file) => Script.Run("/bin/bash", ["-euc", """
        PGPASSWORD=$(<"$1/secrets/postgres") exec "$(deploy/install path postgres)/pg_dump" -h 127.0.0.1 -p "$2" -U postgres -Fc -f "$4" "$3"
        """, "-", place.Folder, place.Port, database, file]);

    /// <summary>PostgreSQL's folder and port, as scripts take them.</summary>
    internal object[] Place => [place.Folder, place.Port];

    /// <param name="port">Of something that stands before it; null: its own.</param>
    public string Connection(string database, string role = "postgres", int? port = null) =>
        new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = port ?? place.Port, Database = database, Username = role, Password = place.Secret(role) }.ConnectionString;
}
