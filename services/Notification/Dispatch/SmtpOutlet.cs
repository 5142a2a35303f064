using System.Diagnostics;
using MailKit;
using System.Net.Sockets;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Vigil.Notification.Dispatch;

/// <summary>
/// One connection to the relay, kept open between mails. SMTP cannot tell whether a mail was taken when the connection ends after its data
/// and before the answer: then it is sent again, at most one such mail per connection, under the same Message-ID.
/// </summary>
public sealed class SmtpOutlet(SmtpOutlet.Relay relay) : IOutlet
{
    public sealed record Relay(string Host, int Port, string? User, string? Password, SecureSocketOptions Security)
    {
        public static Relay From(IConfiguration smtp)
        {
            var (security, port) = smtp["Security"] switch
            {
                "none" => (SecureSocketOptions.None, 25),
                null or "" or "starttls" => (SecureSocketOptions.StartTls, 587),
                "tls" => (SecureSocketOptions.SslOnConnect, 465),
                _ => throw new InvalidOperationException("Notification:Smtp:Security is none, starttls or tls."),
            };
            var password = smtp["Password"] ?? (smtp["PasswordFile"] is { } file ? File.ReadAllText(file).Trim() : null);
            return new(smtp["Host"]!, smtp.GetValue("Port", port), smtp["User"], password, security);
        }
    }

    public static FormatOptions Format { get; } = new() { NewLineFormat = NewLineFormat.Dos };

    static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(10);

    SmtpClient? _client;
    long _used;

    public async Task Open(CancellationToken ct)
    {
        try
        {
            if (_client is { IsConnected: true } && Stopwatch.GetElapsedTime(_used) > IdleTime) await _client.NoOpAsync(ct);
        }
        catch (Exception e) when (IsTrouble(e))
        {
            // The relay closed an idle connection, as it may.
            Drop();
        }
        if (_client is { IsConnected: true }) return;
        Drop();
        var client = new SmtpClient
        {
            // Between one answer and the next; a hand-over's lease is longer.
            Timeout = 120_000,
            // Nothing but the relay is ever called: revocation lists would be fetched from elsewhere.
            CheckCertificateRevocation = false,
        };
        try
        {
            await client.ConnectAsync(relay.Host, relay.Port, relay.Security, ct);
            if (relay.User is { Length: > 0 }) await client.AuthenticateAsync(relay.User, relay.Password ?? "", ct);
            (_client, _used) = (client, Stopwatch.GetTimestamp());
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    public async Task<Answer> Hand(Guid letter, MimeMessage mail)
    {
        // Not the caller's token: a mail on the wire is finished, also when the process is asked to stop.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(150));
        try
        {
            await _client!.SendAsync(Format, mail, (MailboxAddress)mail.From[0], [(MailboxAddress)mail.To[0]], patience.Token);
            _used = Stopwatch.GetTimestamp();
            return new Answer.Accepted();
        }
        catch (SmtpCommandException answer)
        {
            if (Judge(answer.ErrorCode, (int)answer.StatusCode) is not Answer.Broken broken) return Judge(answer.ErrorCode, (int)answer.StatusCode);
            Drop();
            return broken;
        }
        catch (Exception e) when (IsTrouble(e) || e is OperationCanceledException)
        {
            Drop();
            return new Answer.Broken(Unsure: true);
        }
    }

    /// <summary>
    /// RFC 5321 §4.2.1: 4xx may succeed later, 5xx never will, 421 means that the relay is closing. A refused sender concerns every mail,
    /// so that is trouble with the relay and no reader's fault.
    /// </summary>
    public static Answer Judge(SmtpErrorCode about, int status) => (about, status) switch
    {
        (_, 421) or (SmtpErrorCode.SenderNotAccepted, _) => new Answer.Broken(Unsure: false),
        (_, >= 400 and < 500) => new Answer.Later(),
        (SmtpErrorCode.RecipientNotAccepted, >= 500) => new Answer.Refused(Reason.AddressRefused),
        (SmtpErrorCode.MessageNotAccepted, >= 500) => new Answer.Refused(Reason.MessageRefused),
        _ => new Answer.Broken(Unsure: false),
    };

    /// <summary>The relay, the way to it, or our sign-in there; never one mail alone.</summary>
    public static bool IsTrouble(Exception e) => e is IOException or SocketException or TimeoutException or SmtpProtocolException or SmtpCommandException
        or SslHandshakeException or AuthenticationException or ServiceNotConnectedException or ServiceNotAuthenticatedException or NotSupportedException;

    public async Task Rest()
    {
        if (_client is null || Stopwatch.GetElapsedTime(_used) < IdleTime) return;
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            await _client.DisconnectAsync(true, patience.Token);
        }
        catch (Exception e) when (IsTrouble(e) || e is OperationCanceledException) { }
        Drop();
    }

    void Drop()
    {
        _client?.Dispose();
        _client = null;
    }

    public ValueTask DisposeAsync()
    {
        Drop();
        return ValueTask.CompletedTask;
    }
}
