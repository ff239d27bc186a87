using System.Collections.Concurrent;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace AuthService.SignIn.IdentityProviders;

/// <summary>Connects this instance to the providers and keeps their metadata and keys.</summary>
internal sealed class ProviderConnections(IHostEnvironment environment) : IDisposable
{
    private const string MetadataPath = "/.well-known/openid-configuration";

    /// <summary>The shortest time between two refreshes, however often a token names a key that the provider does not publish.</summary>
    private static readonly TimeSpan ShortestRefreshInterval = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan LongestAge = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, ConfigurationManager<OpenIdConnectConfiguration>> _metadata = new(StringComparer.Ordinal);

    public HttpClient Http { get; } = ProviderTransport.CreateClient(environment);

    /// <summary>Returns the cached metadata, which is read again after an hour, and at once when a key is missing.</summary>
    public ConfigurationManager<OpenIdConnectConfiguration> MetadataOf(IdentityProvider provider) => _metadata.GetOrAdd(provider.Authority, Create);

    /// <summary>Reads the metadata. Callers that wait for the same slow request wait no longer than its first caller.</summary>
    /// <exception cref="ProviderException">The metadata cannot be read, or belongs to another issuer.</exception>
    public async Task<OpenIdConnectConfiguration> ReadAsync(IdentityProvider provider)
    {
        using var timeout = new CancellationTokenSource(Http.Timeout);
        OpenIdConnectConfiguration metadata;
        try
        {
            metadata = await MetadataOf(provider).GetConfigurationAsync(timeout.Token);
        }
        catch (Exception error)
        {
            throw new ProviderException("the metadata of the provider cannot be read", error) { IsUnreachable = true };
        }

        if (!provider.HasIssuer(metadata.Issuer ?? "")) // OpenID Connect Discovery 1.0, section 4.3
            throw new ProviderException($"the metadata of the provider is of another issuer, {metadata.Issuer}");
        return Uri.TryCreate(metadata.AuthorizationEndpoint, UriKind.Absolute, out var page) && ProviderTransport.IsSecure(page, environment)
            ? metadata
            : throw new ProviderException("the metadata of the provider names no authorization endpoint over https");
    }

    public void Dispose() => Http.Dispose();

    private ConfigurationManager<OpenIdConnectConfiguration> Create(string authority) => new(
        authority.TrimEnd('/') + MetadataPath,
        new OpenIdConnectConfigurationRetriever(),
        new HttpDocumentRetriever(Http) { RequireHttps = false }) // the transport requires it, for every request
    {
        RefreshInterval = ShortestRefreshInterval,
        AutomaticRefreshInterval = LongestAge,
    };
}
