using System.Net;
using System.Net.Sockets;

namespace AuthService.Benchmarks.Machine;

/// <summary>Ports of 127.0.0.1 that nothing listens on.</summary>
internal static class FreePort
{
    public static int Take()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
