using System.Diagnostics;

namespace AuthService.SignIn.IdentityProviders;

/// <summary>
/// Sends requests to providers for metadata, keys, tokens and claims. It allows only https, whatever address the metadata names, and no
/// redirects or cookies. In Development a provider on the same machine may use http.
/// </summary>
internal sealed class ProviderTransport : DelegatingHandler
{
    /// <summary>The longest time from name resolution to the end of the response. It is short because a person waits for it.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private const int MostBytes = 1_048_576;
    private const int HeaderKilobytes = 32;

    private readonly IHostEnvironment _environment;

    private ProviderTransport(IHostEnvironment environment)
        : base(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            MaxResponseHeadersLength = HeaderKilobytes,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
        }) => _environment = environment;

    public static HttpClient CreateClient(IHostEnvironment environment) =>
        new(new ProviderTransport(environment)) { Timeout = Timeout, MaxResponseContentBufferSize = MostBytes };

    public static bool IsSecure(Uri address, IHostEnvironment environment) =>
        address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback && environment.IsDevelopment());

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        IsSecure(request.RequestUri!, _environment)
            ? base.SendAsync(request, cancellationToken)
            : throw new HttpRequestException($"The address {request.RequestUri} is not https");
}
