using System.Net;
using System.Net.Sockets;

namespace Vigil.Kit;

/// <summary>HTTP to this machine by whatever name, without cookies and redirections.</summary>
static class Loopback
{
    public static HttpClient Client() => new(new AskFirst(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        Expect100ContinueTimeout = TimeSpan.FromSeconds(30),
        // Editions have host names of their own, all of them here.
        ConnectCallback = async (context, ct) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })) { Timeout = TimeSpan.FromSeconds(30) };

    // Who is refused in the midst of sending may find the connection closed before the answer is read, as a browser may, which does not ask
    // (RFC 9110 §10.1.1). What is small has been sent by then.
    sealed class AskFirst(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Content is { Headers.ContentLength: null or > 8000 }) request.Headers.ExpectContinue = true;
            return base.SendAsync(request, cancellationToken);
        }
    }
}
