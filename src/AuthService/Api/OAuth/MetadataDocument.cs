using System.Text.Json.Serialization;
using AuthService.Tokens;

namespace AuthService.Api.OAuth;

/// <summary>The metadata of this service, with the names of RFC 8414. It lists only what exists: there are no ID tokens and no code flow.</summary>
internal sealed record MetadataDocument(
    string Issuer,
    [property: JsonPropertyName("jwks_uri")] string JwksUri,
    [property: JsonPropertyName("token_endpoint")] string TokenEndpoint,
    [property: JsonPropertyName("introspection_endpoint")] string IntrospectionEndpoint,
    [property: JsonPropertyName("revocation_endpoint")] string RevocationEndpoint)
{
    [JsonPropertyName("response_types_supported")]
    public IReadOnlyList<string> ResponseTypesSupported { get; } = [];

    [JsonPropertyName("grant_types_supported")]
    public IReadOnlyList<string> GrantTypesSupported { get; } = [TokenGrantReader.ClientCredentialsGrant, TokenGrantReader.RefreshTokenGrant];

    /// <summary>The authentication methods of the token endpoint. "none" is there because a refresh token needs no client authentication.</summary>
    [JsonPropertyName("token_endpoint_auth_methods_supported")]
    public IReadOnlyList<string> TokenEndpointAuthMethodsSupported { get; } = [Basic, Post, "none"];

    /// <summary>
    /// The authentication methods of introspection. Beside client authentication it accepts an access token, which RFC 8414, section 2, names by its type.
    /// </summary>
    [JsonPropertyName("introspection_endpoint_auth_methods_supported")]
    public IReadOnlyList<string> IntrospectionEndpointAuthMethodsSupported { get; } = [Basic, Post, "Bearer"];

    [JsonPropertyName("revocation_endpoint_auth_methods_supported")]
    public IReadOnlyList<string> RevocationEndpointAuthMethodsSupported { get; } = [Basic, Post];

    private const string Basic = "client_secret_basic";
    private const string Post = "client_secret_post";

    /// <param name="issuer">The <c>iss</c> of the tokens.</param>
    /// <param name="address">The public address of this service.</param>
    public static MetadataDocument For(string issuer, string address) => new(
        issuer,
        address + PublicNames.WellKnownPrefix + PublicNames.Keys,
        $"{address}{OAuthEndpoints.Prefix}{OAuthEndpoints.TokenPath}",
        $"{address}{OAuthEndpoints.Prefix}{OAuthEndpoints.IntrospectPath}",
        $"{address}{OAuthEndpoints.Prefix}{OAuthEndpoints.RevokePath}");
}
