using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace AuthService.ApiTests.Hosting;

/// <summary>Creates clients with other addresses of this machine: all of 127.0.0.0/8 belongs to it.</summary>
internal static class Loopback
{
    /// <summary>Creates a client with an address from which no other client calls.</summary>
    public static HttpClient NewClient(Uri server)
    {
        var address = new IPAddress([127, (byte)RandomNumberGenerator.GetInt32(1, 255), .. RandomNumberGenerator.GetBytes(1), 7]);
        var handler = new SocketsHttpHandler
        {
            UseCookies = false,
            UseProxy = false,
            ConnectCallback = async (context, cancellation) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                socket.Bind(new IPEndPoint(address, 0));
                await socket.ConnectAsync(context.DnsEndPoint, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        return new HttpClient(handler) { BaseAddress = server };
    }
}
