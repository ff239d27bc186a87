using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace AuthService.ApiTests.Faults;

/// <summary>
/// A proxy between the service and PostgreSQL that fails when told to: it delays, cuts connections, swallows what it is sent
/// and leads to another server. A <see cref="ConnectionFault"/> makes it fail at one exact call.
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

    /// <summary>Where the service connects to.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Added to every round trip.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Where the next failure is to be; null for none.</summary>
    public ConnectionFault? NextFault { get; set; }

    /// <summary>Completes while the proxy passes on what it is sent; see <see cref="SwallowEverything"/>.</summary>
    internal Task Passage => _open.Task;

    /// <summary>Every connection dies, at both ends; new ones are taken.</summary>
    public void Cut()
    {
        foreach (var link in _links.Keys)
            link.Dispose();
    }

    /// <summary>Every connection dies and new ones are turned away, until <see cref="Resume"/>.</summary>
    public void TakeDown()
    {
        _isDown = true;
        Cut();
    }

    /// <summary>Takes connections and whatever is sent, answers nothing, until <see cref="Resume"/>.</summary>
    public void SwallowEverything() => _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The connections of this moment are cut without knowing it, at either end; new ones work.</summary>
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

    /// <summary>Leads to another server from the next connection on; what is there dies.</summary>
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
