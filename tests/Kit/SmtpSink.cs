using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MimeKit;

namespace Vigil.Kit;

/// <summary>A mail as a relay was given it, read when somebody looks at it.</summary>
public sealed record Mail(string From, string To, Lazy<MimeMessage> Read)
{
    public MimeMessage Message => Read.Value;
    public string Subject => Message.Subject ?? "";
    public string Text => Message.TextBody ?? "";
    public string? Header(string name) => Message.Headers[name];
}

/// <summary>A mail relay inside the test process. It keeps what it took; a test may make it slow, unfriendly or unreliable.</summary>
public sealed class SmtpSink : IDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _end = new();
    readonly ConcurrentQueue<Mail> _mails = new();
    readonly ConcurrentDictionary<string, ConcurrentQueue<Mail>> _boxes = new();

    public int Port { get; }
    public IReadOnlyList<Mail> Mails => _mails.ToArray();
    public int Count => _mails.Count;

    /// <summary>How long it thinks before it answers a mail's data.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>What it answers to a recipient, such as <c>550 5.1.1 unknown</c>; null takes it.</summary>
    public Func<string, string?>? OnRecipient { get; set; }

    /// <summary>What it answers to a mail's data, such as <c>451 4.3.0 later</c>; null takes it.</summary>
    public Func<Mail, string?>? OnData { get; set; }

    /// <summary>Closes the connection when a mail's data has come, before it has kept or answered it.</summary>
    public Func<Mail, bool>? DropsBefore { get; set; }

    /// <summary>Closes the connection when it has kept a mail, without answering.</summary>
    public Func<Mail, bool>? DropsAfter { get; set; }

    public SmtpSink()
    {
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = Task.Run(async () =>
        {
            try
            {
                while (true) _ = Converse(await _listener.AcceptTcpClientAsync(_end.Token));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException) { }
        });
    }

    public IReadOnlyList<Mail> To(string address) => _boxes.TryGetValue(address, out var box) ? box.ToArray() : [];

    async Task Converse(TcpClient client)
    {
        using (client)
            try
            {
                client.NoDelay = true;
                var stream = client.GetStream();
                using var reader = new StreamReader(stream, Encoding.Latin1, false, 64 * 1024);
                var (from, to) = ("", "");
                await Say("220 tests ESMTP");
                while (await reader.ReadLineAsync(_end.Token) is { } line)
                {
                    var verb = line.Split(' ', 2)[0].ToUpperInvariant();
                    switch (verb)
                    {
                        case "EHLO": await Say("250-tests\r\n250-8BITMIME\r\n250 SMTPUTF8"); break;
                        case "HELO" or "RSET" or "NOOP": await Say("250 OK"); break;
                        case "MAIL": from = Address(line); await Say("250 OK"); break;
                        case "RCPT": to = Address(line); await Say(OnRecipient?.Invoke(to) ?? "250 OK"); break;
                        case "DATA":
                            await Say("354 Go on");
                            var mail = new Mail(from, to, await ReadData(reader));
                            await Task.Delay(Delay, _end.Token);
                            if (DropsBefore?.Invoke(mail) == true) return;
                            if (OnData?.Invoke(mail) is { } refusal) { await Say(refusal); break; }
                            _boxes.GetOrAdd(to, _ => new()).Enqueue(mail);
                            _mails.Enqueue(mail);
                            if (DropsAfter?.Invoke(mail) == true) return;
                            await Say("250 OK");
                            break;
                        case "QUIT": await Say("221 Bye"); return;
                        default: await Say("502 Not known"); break;
                    }
                }

                ValueTask Say(string answer) => stream.WriteAsync(Encoding.ASCII.GetBytes($"{answer}\r\n"), _end.Token);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException) { }
    }

    static string Address(string line) => line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.IndexOf('>', StringComparison.Ordinal)];

    async Task<Lazy<MimeMessage>> ReadData(StreamReader reader)
    {
        var data = new StringBuilder();
        // A single dot ends it, so a line that begins with one was given another.
        while (await reader.ReadLineAsync(_end.Token) is { } line and not ".") data.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
        var text = data.ToString();
        return new(() =>
        {
            using var bytes = new MemoryStream(Encoding.Latin1.GetBytes(text));
            return MimeMessage.Load(bytes);
        });
    }

    public void Dispose()
    {
        _end.Cancel();
        _listener.Dispose();
        _end.Dispose();
    }
}
