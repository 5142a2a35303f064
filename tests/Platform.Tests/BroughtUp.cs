using System.Net;
using System.Net.Sockets;

namespace Vigil.Journeys;

/// <summary>An installation as deploy/up makes it, in one folder that keeps what was built; so one test after the other has it.</summary>
[CollectionDefinition(nameof(BroughtUp))]
public sealed class BroughtUp : IAsyncDisposable
{
    public static string Folder { get; } = Path.Combine(Approved.Root, ".run", "readme");

    public int Port { get; } = FreePorts();

    /// <returns>What it printed. Throws with what it complained about when it fails.</returns>
    public Task<string> Run(string command, params string[] arguments) => RunUntil(null, command, arguments);

    /// <param name="until">When this is over first, the command is killed.</param>
    public Task<string> RunUntil(Task? until, string command, params string[] arguments) =>
        Script.Run(command, arguments, new Dictionary<string, string> { ["VIGIL_RUN"] = Folder, ["VIGIL_PORT"] = $"{Port}" }, until);

    public async ValueTask DisposeAsync() => await Run("deploy/down", "--wipe");

    /// <summary>Ten in a row, and RabbitMQ's other one 20000 above them all outside of the range that outgoing connections take theirs from.</summary>
    static int FreePorts()
    {
        while (true)
        {
            var first = Random.Shared.Next(900, 1000) * 10;
            if (Enumerable.Range(first, 7).Append(first + 20_006).All(IsFree)) return first;
        }
    }

    static bool IsFree(int port)
    {
        try
        {
            using var trial = new TcpListener(IPAddress.Loopback, port);
            trial.Start();
            return true;
        }
        catch (SocketException) { return false; }
    }
}
