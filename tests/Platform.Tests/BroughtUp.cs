using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Vigil.Journeys;

/// <summary>An installation as deploy/up makes it, in one folder that keeps what was built; so one test after the other has it.</summary>
[CollectionDefinition(nameof(BroughtUp))]
public sealed partial class BroughtUp : IAsyncDisposable
{
    public static string Folder { get; } = Path.Combine(Approved.Root, ".run", "readme");

    public int Port { get; } = FreePorts();

    /// <returns>What it printed. Throws with what it complained about when it fails.</returns>
    public Task<string> Run(string command, params string[] arguments) => RunUntil(null, command, arguments);

    /// <param name="until">When this is over first, the command is killed.</param>
    public Task<string> RunUntil(Task? until, string command, params string[] arguments) =>
        Script.Run(command, arguments, new Dictionary<string, string> { ["VIGIL_RUN"] = Folder, ["VIGIL_PORT"] = $"{Port}" }, until);

    /// <summary>Also of a run that was killed nothing is left.</summary>
    public Task Wipe() => Run("deploy/down", "--wipe");

    public async ValueTask DisposeAsync() => await Wipe();

    /// <summary>The process of each part, all of them ready. A busy machine may keep one from answering for a moment.</summary>
    public Task<SortedDictionary<string, int>> AllParts() => Wait.Until(Parts, p => p.Count == 7, "all parts ready");

    /// <summary>The process of each part that is ready.</summary>
    public async Task<SortedDictionary<string, int>> Parts()
    {
        string status;
        try { status = await Run("deploy/status"); }
        catch (InvalidOperationException) { return []; }
        return new(ReadyPart().Matches(status).ToDictionary(m => m.Groups["part"].Value, m => int.Parse(m.Groups["pid"].Value)));
    }

    [GeneratedRegex(@"^(?<part>\w+) +ready +\S+ +(?<pid>\d+) ", RegexOptions.Multiline)]
    private static partial Regex ReadyPart();

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
