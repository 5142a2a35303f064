using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Vigil.Kit;

/// <summary>
/// Stands before a store on this machine, and makes the network between bad: late, deaf, torn, or torn at the worst moment. The kernels that
/// tests run on seldom have netem, and it could not cut at a byte.
/// </summary>
public sealed class FaultProxy : IAsyncDisposable
{
    readonly TcpListener _listener;
    readonly int _target;
    readonly ConcurrentDictionary<Pair, bool> _open = new();
    readonly CancellationTokenSource _ended = new();
    int _commitsToCut;

    sealed record Pair(Socket Client, Socket Server)
    {
        public void Reset()
        {
            foreach (var socket in new[] { Client, Server })
                try
                {
                    socket.LingerState = new(true, 0);
                    socket.Close();
                }
                catch (ObjectDisposedException) { }
        }
    }

    public int Port { get; } = Ports.Free();

    public FaultProxy(int target)
    {
        _target = target;
        _listener = new(IPAddress.Loopback, Port);
        _listener.Start();
        _ = Accept();
    }

    /// <summary>Each stretch of bytes, either way, waits so long, more or less by <see cref="Jitter"/>.</summary>
    public TimeSpan Delay { get; set; }
    public TimeSpan Jitter { get; set; }

    /// <summary>Connections are taken and stay open, but nothing passes either way: as when a host vanishes.</summary>
    public bool IsBlackHole { get; set; }

    /// <summary>Commits that still reached the database, while whoever sent them never hears of it.</summary>
    public int CommitsCut => _cut;
    int _cut;

    /// <summary>RST to both ends of every connection that there is.</summary>
    public void Reset()
    {
        foreach (var pair in _open.Keys) pair.Reset();
    }

    /// <summary>The next commits arrive, and their connections are torn before the answer does (PostgreSQL, plain).</summary>
    public void CutAfterCommit(int times) => Volatile.Write(ref _commitsToCut, times);

    async Task Accept()
    {
        while (!_ended.IsCancellationRequested)
            try
            {
                _ = Serve(await _listener.AcceptSocketAsync(_ended.Token));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException) { }
    }

    async Task Serve(Socket client)
    {
        var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        var pair = new Pair(client, server);
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _target, _ended.Token);
            _open[pair] = true;
            var cut = new TaskCompletionSource();
            await Task.WhenAny(Pump(client, server, pair, toServer: true, cut), Pump(server, client, pair, toServer: false, cut));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException) { }
        finally
        {
            _open.TryRemove(pair, out _);
            pair.Reset();
        }
    }

    async Task Pump(Socket from, Socket to, Pair pair, bool toServer, TaskCompletionSource cut)
    {
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var length = await from.ReceiveAsync(buffer, SocketFlags.None, _ended.Token);
            if (length == 0) return;
            while (IsBlackHole) await Task.Delay(20, _ended.Token);
            if (Delay > TimeSpan.Zero) await Task.Delay(Delay + Jitter * (2 * Random.Shared.NextDouble() - 1), _ended.Token);
            if (!toServer && cut.Task.IsCompleted)
            {
                // The database has answered, so it is committed.
                Interlocked.Increment(ref _cut);
                pair.Reset();
                return;
            }
            if (toServer && IsCommit(buffer.AsSpan(0, length)) && Interlocked.Decrement(ref _commitsToCut) >= 0) cut.TrySetResult();
            for (var sent = 0; sent < length;) sent += await to.SendAsync(buffer.AsMemory(sent, length - sent), SocketFlags.None, _ended.Token);
        }
    }

    /// <summary>A simple query, or a statement to be parsed, whose text is COMMIT.</summary>
    static bool IsCommit(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= 5)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(bytes[1..]) + 1;
            if (length < 5 || bytes[0] is 0) return false;
            if (bytes[0] is (byte)'Q' or (byte)'P' && bytes[5..Math.Min(length, bytes.Length)].IndexOf("COMMIT"u8) >= 0) return true;
            if (length > bytes.Length) return false;
            bytes = bytes[length..];
        }
        return false;
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _listener.Stop();
        Reset();
        _ended.Dispose();
    }
}
