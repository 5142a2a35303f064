using System.Net;
using System.Net.Sockets;

namespace Vigil.Gateway;

/// <summary>Whom a limit counts: an IPv4 address, or the /64 network that one household or office has in IPv6.</summary>
static class Client
{
    public static string Of(HttpContext http) => http.Connection.RemoteIpAddress switch
    {
        null => "",
        { IsIPv4MappedToIPv6: true } mapped => mapped.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } address => Network(address),
        var address => address.ToString(),
    };

    static string Network(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        return Convert.ToHexStringLower(bytes[..8]);
    }
}
