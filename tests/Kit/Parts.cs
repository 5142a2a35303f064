using System.Diagnostics;

namespace Vigil.Kit;

/// <summary>
/// PostgreSQL and RabbitMQ for tests. All tests share those that tests/run started, or, without it, a pair that lives as long as this
/// process; who stops or restarts one starts a pair of their own.
/// </summary>
public sealed class Parts : IAsyncDisposable
{
    static readonly Lazy<Task<Parts>> Common = new(async () => FromEnvironment() ?? await Start());

    readonly Process? _keeper;

    public Postgres Postgres { get; }
    public RabbitMq RabbitMq { get; }

    public static Task<Parts> Shared => Common.Value;

    Parts(Postgres postgres, RabbitMq rabbit, Process? keeper) => (Postgres, RabbitMq, _keeper) = (postgres, rabbit, keeper);

    public static async Task<Parts> Start()
    {
        // It stops them when its input ends, and so whatever becomes of this process.
        var keeper = Process.Start(new ProcessStartInfo(Path.Combine(Approved.Root, "tests", "parts"), ["postgres", "rabbitmq"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        return new Parts(new Postgres(await Place(keeper)), new RabbitMq(await Place(keeper)), keeper);
    }

    static async Task<Place> Place(Process keeper) =>
        await keeper.StandardOutput.ReadLineAsync() is { } line ? Kit.Place.Read(line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..])
            : throw new InvalidOperationException("tests/parts could not start what it was asked for.");

    static Parts? FromEnvironment() =>
        Environment.GetEnvironmentVariable("VIGIL_TEST_POSTGRES") is { Length: > 0 } postgres && Environment.GetEnvironmentVariable("VIGIL_TEST_RABBITMQ") is { Length: > 0 } rabbit
            ? new Parts(new Postgres(Kit.Place.Read(postgres)), new RabbitMq(Kit.Place.Read(rabbit)), null) : null;

    public async ValueTask DisposeAsync()
    {
        if (_keeper is null) return;
        _keeper.StandardInput.Close();
        await _keeper.WaitForExitAsync();
        _keeper.Dispose();
    }
}

/// <summary>The folder that a part lives in, and its port.</summary>
public sealed record Place(string Folder, int Port)
{
    public static Place Read(string text) => text.Split(' ') is [var folder, var port] ? new(folder, int.Parse(port)) : throw new FormatException($"Not a folder and a port: {text}");

    public string Secret(string name) => File.ReadAllText(Path.Combine(Folder, "secrets", name));
}
