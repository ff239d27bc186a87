using System.Buffers;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using AuthService.Benchmarks.Load;

namespace AuthService.Benchmarks.Validators;

/// <summary>One validator: a connection with an open long poll, which always continues from the cursor of the last response.</summary>
internal sealed class ValidatorConnection : IDisposable
{
    private static readonly byte[] CursorName = Encoding.ASCII.GetBytes("\"cursor\":\"");
    private static readonly byte[] MoreName = Encoding.ASCII.GetBytes("\"more\":");
    private static readonly byte[] EntriesName = Encoding.ASCII.GetBytes("\"revoked\":");
    private static readonly byte[] SessionName = Encoding.ASCII.GetBytes("\"sid\":\"");

    private readonly byte[] _tail;
    private byte[] _held = [];
    private int _heldCount;
    private byte[]? _cursor;

    /// <param name="service">The address of the instance.</param>
    /// <param name="token">The validator's own access token.</param>
    /// <param name="isSampled">Whether it records the sessions that it receives.</param>
    public ValidatorConnection(IPEndPoint service, string token, bool isSampled)
    {
        Hears = isSampled ? [] : null;
        _tail = Encoding.ASCII.GetBytes($" HTTP/1.1\r\nHost: {service}\r\nAccept: application/json\r\nAuthorization: Bearer {token}\r\n\r\n");
        Socket.Connect(service);
        Socket.Blocking = false;
    }

    public Socket Socket { get; } = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    /// <summary>The received sessions with the time in ticks of <see cref="Stopwatch"/>; null when it does not record them.</summary>
    public List<(Guid Session, long At)>? Hears { get; }

    /// <summary>Whether it has read everything that was revoked before, and waits for more.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Sends the next poll.</summary>
    public void SendPoll()
    {
        Span<byte> request = stackalloc byte[4096];
        var length = 0;
        Append(request, "GET /revocations?wait=30"u8);
        if (_cursor is not null)
        {
            Append(request, "&after="u8);
            Append(request, _cursor);
        }

        Append(request, _tail);
        if (Socket.Send(request[..length]) != length)
            throw new IOException("A poll did not fit into the socket's buffer.");

        void Append(Span<byte> whole, ReadOnlySpan<byte> part)
        {
            part.CopyTo(whole[length..]);
            length += part.Length;
        }
    }

    /// <summary>Reads the available bytes.</summary>
    /// <param name="buffer">A temporary buffer that is larger than any response.</param>
    /// <returns>The size of the response when it is complete, else 0.</returns>
    /// <exception cref="IOException">The response is not 200, or the service has closed the connection.</exception>
    public int Receive(Span<byte> buffer)
    {
        _held.AsSpan(0, _heldCount).CopyTo(buffer);
        var count = Socket.Receive(buffer[_heldCount..]);
        if (count == 0)
            throw new IOException("The service closed a connection.");
        ReadOnlySpan<byte> received = buffer[..(_heldCount + count)];
        var status = ResponseReader.StatusWhenComplete(received);
        if (status is not 0 and not 200)
            throw new IOException(Encoding.UTF8.GetString(received));
        if (status is 0)
        {
            Hold(received);
            return 0;
        }

        Release();
        Take(received);
        return received.Length;
    }

    public void Dispose() => Socket.Dispose();

    private void Hold(ReadOnlySpan<byte> received)
    {
        if (_held.Length < received.Length)
        {
            Release();
            _held = ArrayPool<byte>.Shared.Rent(received.Length * 2);
        }

        received.CopyTo(_held);
        _heldCount = received.Length;
    }

    private void Release()
    {
        if (_held.Length > 0)
            ArrayPool<byte>.Shared.Return(_held);
        (_held, _heldCount) = ([], 0);
    }

    private void Take(ReadOnlySpan<byte> answer)
    {
        var cursor = answer[(answer.IndexOf(CursorName) + CursorName.Length)..];
        cursor = cursor[..cursor.IndexOf((byte)'"')];
        if (!cursor.SequenceEqual(_cursor))
            _cursor = cursor.ToArray();
        HasBegun |= answer[..answer.IndexOf(EntriesName)].IndexOf(MoreName) < 0;
        if (Hears is null)
            return;
        var now = Stopwatch.GetTimestamp();
        for (var rest = answer; rest.IndexOf(SessionName) is >= 0 and var at;)
        {
            rest = rest[(at + SessionName.Length)..];
            Hears.Add((Guid.Parse(rest[..36]), now));
        }
    }
}
