using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using AuthService.ApiTests.Hosting;

namespace AuthService.ApiTests.Faults.HighAvailability;

/// <summary>A relay to a server that can be cut. It does not understand the data.</summary>
internal sealed class TcpRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, LocalServer.FreePort());
    private readonly ConcurrentDictionary<TcpClient, bool> _ends = new();
    private readonly int _target;
    private readonly Task _accepting;
    private volatile bool _isCut;

    public TcpRelay(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Closes every connection until <see cref="Mend"/>, new ones as soon as they are opened.</summary>
    public void Cut()
    {
        _isCut = true;
        foreach (var end in _ends.Keys)
            end.Dispose();
    }

    public void Mend() => _isCut = false;

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        Cut();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                _ = RelayAsync(await _listener.AcceptTcpClientAsync());
            }
            catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task RelayAsync(TcpClient client)
    {
        using var server = new TcpClient();
        _ends[client] = _ends[server] = true;
        try
        {
            if (!_isCut)
            {
                await server.ConnectAsync(IPAddress.Loopback, _target);
                var (one, other) = (client.GetStream(), server.GetStream());
                await Task.WhenAny(one.CopyToAsync(other), other.CopyToAsync(one));
            }
        }
        catch (Exception gone) when (gone is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // One of the ends is gone.
        }

        client.Dispose();
        _ends.TryRemove(client, out _);
        _ends.TryRemove(server, out _);
    }
}
