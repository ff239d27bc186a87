using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace AuthService.ApiTests.Faults;

/// <summary>
/// A proxy between the service and PostgreSQL that fails on request: it delays, cuts connections, discards what it receives, and switches to another
/// server. A <see cref="ConnectionFault"/> makes it fail at one exact call.
/// </summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<FaultProxyLink, bool> _links = new();
    private readonly Task _accepting;
    private volatile TaskCompletionSource _open = Opened();
    private volatile int _target;
    private volatile bool _isDown;

    public FaultProxy(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>The port to which the service connects.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The delay that is added to every round trip.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>The next failure, or null.</summary>
    public ConnectionFault? NextFault { get; set; }

    /// <summary>Completed while the proxy forwards what it receives; see <see cref="SwallowEverything"/>.</summary>
    internal Task Passage => _open.Task;

    /// <summary>Breaks every connection at both ends. New connections are accepted.</summary>
    public void Cut()
    {
        foreach (var link in _links.Keys)
            link.Dispose();
    }

    /// <summary>Breaks every connection and rejects new ones, until <see cref="Resume"/>.</summary>
    public void TakeDown()
    {
        _isDown = true;
        Cut();
    }

    /// <summary>Accepts connections and data but never responds, until <see cref="Resume"/>.</summary>
    public void SwallowEverything() => _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Loses the present connections without telling either end. New connections work.</summary>
    public void LoseConnections()
    {
        foreach (var link in _links.Keys)
            link.IsLost = true;
    }

    public void Resume()
    {
        _isDown = false;
        _open.TrySetResult();
    }

    /// <summary>Switches to another server for new connections and breaks the present ones.</summary>
    public void SwitchTo(int port)
    {
        _target = port;
        Cut();
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        Resume();
        Cut();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                var client = await _listener.AcceptTcpClientAsync();
                var link = new FaultProxyLink(this, client);
                _links[link] = true;
                _ = RunAsync(link);
            }
            catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task RunAsync(FaultProxyLink link)
    {
        if (_isDown)
            link.Dispose();
        else
            await link.RunAsync(_target);
        _links.TryRemove(link, out _);
    }

    private static TaskCompletionSource Opened()
    {
        var open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        open.SetResult();
        return open;
    }
}
