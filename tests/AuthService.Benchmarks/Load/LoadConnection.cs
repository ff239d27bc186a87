using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace AuthService.Benchmarks.Load;

/// <summary>One keep-alive connection with at most one open request.</summary>
internal sealed class LoadConnection : IDisposable
{
    private readonly RequestSource _requests;
    private byte[] _buffer = new byte[16 * 1024];
    private int _received;
    private long _sentAt;

    public LoadConnection(IPEndPoint server, RequestSource requests)
    {
        _requests = requests;
        Socket.Connect(server);
        // From here on each call is one system call, because epoll reports when there is something to read.
        Socket.Blocking = false;
    }

    public Socket Socket { get; } = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    /// <summary>The bytes of the last response.</summary>
    public ReadOnlySpan<byte> Response => _buffer.AsSpan(0, _received);

    public long SendNext()
    {
        _received = 0;
        _sentAt = Stopwatch.GetTimestamp();
        var request = _requests.Next();
        if (Socket.Send(request) != request.Length)
            throw new IOException("A request did not fit into the socket's buffer.");
        return _sentAt;
    }

    /// <summary>Reads the available bytes. Returns the status when the response is complete, else 0.</summary>
    public int Receive(out long latency)
    {
        if (_received == _buffer.Length)
            Array.Resize(ref _buffer, _buffer.Length * 2);
        var count = Socket.Receive(_buffer.AsSpan(_received));
        if (count == 0)
            throw new IOException("The server closed a connection.");

        _received += count;
        latency = Stopwatch.GetTimestamp() - _sentAt;
        return ResponseReader.StatusWhenComplete(Response);
    }

    public void Dispose() => Socket.Dispose();
}
