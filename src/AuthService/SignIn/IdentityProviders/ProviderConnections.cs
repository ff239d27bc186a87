using System.Collections.Concurrent;
using AuthService.Configuration;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace AuthService.SignIn.IdentityProviders;

/// <summary>How this instance reaches the providers, and what it knows of their endpoints and keys.</summary>
internal sealed class ProviderConnections(IHostEnvironment environment) : IDisposable
{
    private const string MetadataPath = "/.well-known/openid-configuration";

    /// <summary>However often a token names a key that the provider does not publish.</summary>
    private static readonly TimeSpan ShortestRefreshInterval = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan LongestAge = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, ConfigurationManager<OpenIdConnectConfiguration>> _metadata = new(StringComparer.Ordinal);

    public HttpClient Http { get; } = ProviderTransport.CreateClient(environment);

    /// <summary>Keeps what was read, reads it again now and then, and at once when a key is missing.</summary>
    public ConfigurationManager<OpenIdConnectConfiguration> MetadataOf(IdentityProvider provider) => _metadata.GetOrAdd(provider.Authority, Create);

    /// <summary>Those who wait for one that hangs wait no longer than its first caller.</summary>
    /// <exception cref="ProviderException">It cannot be had, or is another issuer's.</exception>
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
        new HttpDocumentRetriever(Http) { RequireHttps = false }) // the transport holds it, for every call
    {
        RefreshInterval = ShortestRefreshInterval,
        AutomaticRefreshInterval = LongestAge,
    };
}

/// <summary>What a provider answers does not hold, or it does not answer.</summary>
internal sealed class ProviderException : Exception
{
    public ProviderException()
    {
    }

    public ProviderException(string message)
        : base(message)
    {
    }

    public ProviderException(string message, Exception cause)
        : base(message, cause)
    {
    }

    public bool IsUnreachable { get; init; }

    /// <summary>For whoever runs the service, on one line. What the libraries say between the first and the last cause has their stack traces in it.</summary>
    public string InWords => OneLine.Of(InnerException is null ? Message : $"{Message}: {GetBaseException().Message}");
}
