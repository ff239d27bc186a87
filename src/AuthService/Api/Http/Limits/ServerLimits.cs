using AuthService.Api.Http.Input;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace AuthService.Api.Http.Limits;

/// <summary>
/// Limits the resources and the time of each connection, so that many slow or greedy ones do not harm the others. Kestrel's defaults apply to the rest: 32 KiB
/// and 100 lines of headers, 8 KiB of request line, 240 bytes a second of a body after five seconds, 130 seconds without a request
/// (src/AuthService/OPERATIONS.md#hostile-clients).
/// </summary>
internal sealed class ServerLimits(IOptions<ConnectionOptions> connections) : IConfigureOptions<KestrelServerOptions>, IConfigureOptions<SocketTransportOptions>
{
    /// <summary>The time for the headers. It is enough for a caller whose packets were lost four times. Kestrel's default is half a minute.</summary>
    private static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(15);

    /// <summary>
    /// The number of bytes that are read from a connection in advance, enough for the headers and most bodies. Kestrel's default is a megabyte, which a caller
    /// could make the service keep by sending requests without reading the responses.
    /// </summary>
    private const int ReadAhead = 64 * 1024;

    /// <summary>
    /// The slowest rate, in bytes a second, at which a caller may read a response that does not fit into the buffers. Kestrel counts all bytes of the
    /// connection, so that with its default of 240 it waits ten minutes and more for a caller who reads nothing.
    /// </summary>
    private const double SlowestReader = 8 * 1024;

    public void Configure(KestrelServerOptions options)
    {
        var limits = options.Limits;
        limits.MaxConcurrentConnections = FindMaximum();
        limits.MaxRequestBodySize = BodyLimit.Bytes;
        limits.RequestHeadersTimeout = HeadersTimeout;
        limits.MinResponseDataRate = new MinDataRate(SlowestReader, gracePeriod: TimeSpan.FromSeconds(5));
        limits.MaxRequestBufferSize = ReadAhead; // with TLS, this comes on top of the buffer of the transport
        limits.Http2.InitialConnectionWindowSize = 2 * ReadAhead;
        limits.Http2.InitialStreamWindowSize = 2 * ReadAhead;
    }

    public void Configure(SocketTransportOptions options) => options.MaxReadBufferSize = ReadAhead;

    /// <summary>
    /// Returns null if the setting is invalid. Kestrel is configured before the settings are validated; the validation then reports all faults together.
    /// </summary>
    private int? FindMaximum()
    {
        try
        {
            return connections.Value.Effective;
        }
        catch (OptionsValidationException)
        {
            return null;
        }
    }
}
