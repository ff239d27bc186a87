using AuthService.Webhooks;

namespace AuthService.Signals;

/// <summary>Sends requests to receivers at checked addresses; the rules are those of webhooks (<see cref="WebhookAddresses"/>).</summary>
internal sealed class ReceiverConnections(WebhookAddresses addresses) : IDisposable
{
    /// <summary>How long a connection is reused for several SETs. It stays at the address that was checked.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(2);

    private readonly HttpClient _http = addresses.CreateClient(Lifetime);

    /// <exception cref="HttpRequestException">The request could not be sent, or the address is not allowed.</exception>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation) => addresses.IsSecure(request.RequestUri!)
        ? _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation)
        : throw new HttpRequestException("It is not an https address");

    public void Dispose() => _http.Dispose();
}
