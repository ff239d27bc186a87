using System.Net;
using System.Net.Sockets;

namespace AuthService.Benchmarks.Machine;

/// <summary>Finds ports of 127.0.0.1 on which no server listens.</summary>
internal static class FreePort
{
    public static int Take()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <returns>True once a server listens there.</returns>
    public static async Task<bool> IsTakenAsync(IPEndPoint address, CancellationToken cancellationToken)
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(address, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
