using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace AuthService.ApiTests.Hostile.Crowds;

/// <summary>An HTTP/2 connection (RFC 9113) that sends frames which no client sends. It reads a response only on request.</summary>
internal sealed class Http2Connection : IDisposable
{
    public const byte Data = 0;
    public const byte Headers = 1;
    public const byte Priority = 2;
    public const byte Reset = 3;
    public const byte SettingsFrame = 4;
    public const byte Ping = 6;
    public const byte GoAway = 7;
    public const byte WindowUpdate = 8;
    public const byte Continuation = 9;
    public const byte EndOfStream = 1;
    public const byte EndOfHeaders = 4;

    /// <summary>The header block of GET https://x/, encoded with the static table of HPACK (RFC 7541, appendix A).</summary>
    public static readonly byte[] Get = [0x82, 0x87, 0x84, 0x41, 1, (byte)'x'];

    /// <summary>The header block of POST https://x/.</summary>
    public static readonly byte[] Post = [0x83, 0x87, 0x84, 0x41, 1, (byte)'x'];

    private readonly TcpClient _client = new() { NoDelay = true };
    private SslStream? _stream;

    private Http2Connection()
    {
    }

    public static async Task<Http2Connection> OpenAsync(Uri server, RemoteCertificateValidationCallback trust)
    {
        var connection = new Http2Connection();
        try
        {
            await connection._client.ConnectAsync(server.Host, server.Port);
            connection._stream = new SslStream(connection._client.GetStream(), leaveInnerStreamOpen: false, trust);
            await connection._stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = server.Host,
                ApplicationProtocols = [SslApplicationProtocol.Http2],
                EnabledSslProtocols = SslProtocols.None,
            });
            await connection._stream.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray());
            await connection._stream.WriteAsync(Frame(SettingsFrame, 0, 0, []));
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public static byte[] Frame(byte type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        var frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        frame[3] = type;
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame.AsSpan(9));
        return frame;
    }

    /// <returns>False when the server has closed the connection, or reads nothing for this long.</returns>
    public async Task<bool> TrySendAsync(ReadOnlyMemory<byte> frames, TimeSpan patience)
    {
        using var late = new CancellationTokenSource(patience);
        try
        {
            await _stream!.WriteAsync(frames, late.Token);
            return true;
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or SocketException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        if (_client.Client is { } socket)
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        _client.Dispose();
    }
}
