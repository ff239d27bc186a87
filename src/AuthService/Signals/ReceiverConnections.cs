using System.Diagnostics;
using AuthService.Webhooks;

namespace AuthService.Signals;

/// <summary>Calls receivers where webhooks may lead as well (<see cref="WebhookAddresses"/>), at the address that was checked.</summary>
internal sealed class ReceiverConnections : IDisposable
{
    private const int HeaderKilobytes = 16;

    /// <summary>SETs follow each other over one connection, which stays at the address that was checked.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(2);

    private readonly WebhookAddresses _addresses;
    private readonly HttpClient _http;

    public ReceiverConnections(WebhookAddresses addresses)
    {
        _addresses = addresses;
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            PooledConnectionLifetime = Lifetime,
            MaxResponseHeadersLength = HeaderKilobytes,
            MaxResponseDrainSize = 0,
            ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
            ConnectCallback = async (context, cancellation) => await addresses.ConnectAsync(context.DnsEndPoint, cancellation),
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <exception cref="HttpRequestException">It could not be sent, or the address is not allowed.</exception>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation) => _addresses.IsSecure(request.RequestUri!)
        ? _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation)
        : throw new HttpRequestException("It is not an https address");

    public void Dispose() => _http.Dispose();
}
