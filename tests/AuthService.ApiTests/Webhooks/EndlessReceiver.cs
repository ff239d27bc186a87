using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AuthService.ApiTests.Webhooks;

/// <summary>
/// A receiver on 127.0.0.1 that responds to the first request with a gigabyte. It uses a raw socket, because Kestrel buffers the response and notices a
/// disconnect late.
/// </summary>
internal sealed class EndlessReceiver : IDisposable
{
    private const long Length = 1L << 30;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    private EndlessReceiver(string beginning)
    {
        _listener.Start();
        Written = RespondAsync(beginning);
    }

    public string Url => string.Create(CultureInfo.InvariantCulture, $"http://{_listener.LocalEndpoint}/hook");

    /// <summary>The number of bytes written until the caller disconnected, including those in the socket buffers.</summary>
    public Task<long> Written { get; }

    /// <param name="status">The status of the response.</param>
    /// <param name="body">The beginning of the body.</param>
    public static EndlessReceiver Start(HttpStatusCode status, string body = "") =>
        new($"HTTP/1.1 {(int)status} Response\r\nContent-Type: application/json\r\n\r\n{body}");

    public void Dispose() => _listener.Dispose();

    private async Task<long> RespondAsync(string beginning)
    {
        using var connection = await _listener.AcceptTcpClientAsync();
        await using var stream = connection.GetStream();
        var (part, written) = (new byte[1 << 16], 0L);
        part.AsSpan().Fill((byte)' ');
        try
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(beginning));
            for (; written < Length; written += part.Length)
                await stream.WriteAsync(part);
        }
        catch (IOException)
        {
            // The caller disconnected.
        }

        return written;
    }
}
