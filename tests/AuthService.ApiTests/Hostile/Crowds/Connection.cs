using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AuthService.ApiTests.Hostile.Crowds;

/// <summary>A connection of a crowd, with a socket that the test controls.</summary>
internal sealed class Connection : IDisposable
{
    /// <summary>The number of connections from one address. One address has a limited number of ports.</summary>
    private const int OfOneAddress = 10_000;

    /// <summary>
    /// A segment size as on a network. On the loopback interface the operating system would buffer megabytes for a caller that does not read.
    /// </summary>
    private const int SegmentSize = 1_400;

    private const int Tcp = 6;
    private const int MaximumSegment = 2;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly Stopwatch _open = new();

    private Connection()
    {
    }

    /// <summary>The time since it was connected.</summary>
    public TimeSpan Age => _open.Elapsed;

    /// <summary>How many bytes of <see cref="SendWithoutReadingAsync"/> the operating system has taken.</summary>
    public long Sent { get; private set; }

    /// <param name="number">The number of the connection in its crowd. A large crowd uses several addresses.</param>
    /// <param name="isSlowReader">Whether its buffers are as small as possible.</param>
    public static async Task<Connection> OpenAsync(Uri server, int number = 0, bool isSlowReader = false)
    {
        var connection = new Connection();
        try
        {
            if (isSlowReader)
            {
                connection._socket.ReceiveBufferSize = 4 * 1024;
                if (OperatingSystem.IsLinux())
                    connection._socket.SetRawSocketOption(Tcp, MaximumSegment, BitConverter.GetBytes(SegmentSize));
            }

            connection._socket.Bind(new IPEndPoint(new IPAddress([127, 1, 0, (byte)(1 + (number / OfOneAddress))]), 0));
            await connection._socket.ConnectAsync(server.Host, server.Port);
            connection._open.Start();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Opens this many connections, a few hundred at a time.</summary>
    public static async Task<Connection[]> OpenManyAsync(Uri server, int count)
    {
        var connections = new List<Connection>(count);
        foreach (var some in Enumerable.Range(0, count).Chunk(500))
            connections.AddRange(await Task.WhenAll(some.Select(number => OpenAsync(server, number))));
        return [.. connections];
    }

    public async Task SendAsync(string text) => await _socket.SendAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>Returns what the server sends next; empty when it has closed the connection.</summary>
    public async Task<string> ReadAsync(TimeSpan patience)
    {
        using var silence = new CancellationTokenSource(patience);
        var buffer = new byte[16 * 1024];
        try
        {
            return Encoding.Latin1.GetString(buffer, 0, await _socket.ReceiveAsync(buffer, silence.Token));
        }
        catch (SocketException)
        {
            return "";
        }
    }

    /// <summary>Sends the same request again and again until enough is sent or the connection is closed.</summary>
    public async Task SendWithoutReadingAsync(string request, int atLeast)
    {
        var some = Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat(request, 100)));
        try
        {
            while (Sent < atLeast)
                Sent += await _socket.SendAsync(some);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The connection was closed by either side.
        }
    }

    /// <summary>Sends a byte a second and reads the response, until the server closes the connection.</summary>
    /// <returns>Everything that the server sent.</returns>
    public async Task<string> TrickleAsync(TimeSpan patience)
    {
        var said = ReadToEndAsync(patience);
        while (!said.IsCompleted && await TrySendAsync())
            await Task.WhenAny(said, Task.Delay(TimeSpan.FromSeconds(1)));
        return await said;
    }

    /// <summary>Reads a byte a second until sending shows that the server has closed the connection.</summary>
    /// <returns>The number of bytes read.</returns>
    public async Task<int> SipAsync(TimeSpan patience)
    {
        using var silence = new CancellationTokenSource(patience);
        var buffer = new byte[1];
        for (var read = 0; ; read++)
        {
            if (!await TrySendAsync())
                return read;
            try
            {
                await _socket.ReceiveAsync(buffer, silence.Token);
            }
            catch (SocketException)
            {
                return read;
            }

            await Task.Delay(TimeSpan.FromSeconds(1), silence.Token);
        }
    }

    public void Dispose()
    {
        _socket.LingerState = new LingerOption(enable: true, seconds: 0); // otherwise the port could not be used again for a minute
        _socket.Dispose();
    }

    private async Task<string> ReadToEndAsync(TimeSpan patience)
    {
        using var silence = new CancellationTokenSource(patience);
        var said = new StringBuilder();
        var buffer = new byte[4 * 1024];
        try
        {
            while (await _socket.ReceiveAsync(buffer, silence.Token) is > 0 and var length)
                said.Append(Encoding.Latin1.GetString(buffer, 0, length));
        }
        catch (SocketException)
        {
            // The connection was closed. What came before counts.
        }

        return said.ToString();
    }

    private async Task<bool> TrySendAsync()
    {
        try
        {
            return await _socket.SendAsync("x"u8.ToArray()) > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
