using AuthService.Webhooks;

namespace AuthService.Signals;

/// <summary>Calls receivers where webhooks may lead as well (<see cref="WebhookAddresses"/>), at the address that was checked.</summary>
internal sealed class ReceiverConnections(WebhookAddresses addresses) : IDisposable
{
    /// <summary>SETs follow each other over one connection, which stays at the address that was checked.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(2);

    private readonly HttpClient _http = addresses.CreateClient(Lifetime);

    /// <exception cref="HttpRequestException">It could not be sent, or the address is not allowed.</exception>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation) => addresses.IsSecure(request.RequestUri!)
        ? _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation)
        : throw new HttpRequestException("It is not an https address");

    public void Dispose() => _http.Dispose();
}
