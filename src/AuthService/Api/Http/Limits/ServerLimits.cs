using AuthService.Api.Http.Input;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace AuthService.Api.Http.Limits;

/// <summary>
/// What one connection may take, and for how long, so that many that are slow or greedy leave the others their service. What is not
/// set here is as Kestrel has it: 32 KiB and 100 lines of headers, 8 KiB of request line, 240 bytes a second of a body after five
/// seconds, 130 seconds without a request (src/AuthService/OPERATIONS.md#hostile-clients).
/// </summary>
internal sealed class ServerLimits(IOptions<ConnectionOptions> connections) : IConfigureOptions<KestrelServerOptions>, IConfigureOptions<SocketTransportOptions>
{
    /// <summary>Enough for the headers of a caller whose packets were lost four times. Kestrel gives them half a minute.</summary>
    private static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(15);

    /// <summary>
    /// What is read of a connection before anybody asks for it: the headers and most bodies. Kestrel reads a megabyte, which every
    /// caller who asks again and again and reads no answer has the service keep.
    /// </summary>
    private const int ReadAhead = 64 * 1024;

    /// <summary>
    /// In bytes a second, of an answer that the network and the service do not hold. Kestrel counts all that was written to the
    /// connection, so that at its own 240 it waits ten minutes and more for a caller who reads nothing.
    /// </summary>
    private const double SlowestReader = 8 * 1024;

    public void Configure(KestrelServerOptions options)
    {
        var limits = options.Limits;
        limits.MaxConcurrentConnections = FindMaximum();
        limits.MaxRequestBodySize = BodyLimit.Bytes;
        limits.RequestHeadersTimeout = HeadersTimeout;
        limits.MinResponseDataRate = new MinDataRate(SlowestReader, gracePeriod: TimeSpan.FromSeconds(5));
        limits.MaxRequestBufferSize = ReadAhead; // over TLS, behind what the transport holds
        limits.Http2.InitialConnectionWindowSize = 2 * ReadAhead;
        limits.Http2.InitialStreamWindowSize = 2 * ReadAhead;
    }

    public void Configure(SocketTransportOptions options) => options.MaxReadBufferSize = ReadAhead;

    /// <summary>Kestrel is set up before the settings are checked: a faulty one is refused there, with all others.</summary>
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
