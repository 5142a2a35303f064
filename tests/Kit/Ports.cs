using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Vigil.Kit;

public static class Ports
{
    static readonly ConcurrentDictionary<int, bool> Given = new();

    /// <summary>Outside of the range that outgoing connections take theirs from, so that it is still free after a restart, and of what installations and parts of tests choose for RabbitMQ.</summary>
    public static int Free()
    {
        while (true)
        {
            var port = Random.Shared.Next(20000, 29000);
            if (!Given.TryAdd(port, true)) continue;
            try
            {
                using var trial = new TcpListener(IPAddress.Loopback, port);
                trial.Start();
                return port;
            }
            catch (SocketException) { }
        }
    }
}
