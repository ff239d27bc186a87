using System.Text.Json.Serialization;
using AuthService.Signals;
using AuthService.Tokens;

namespace AuthService.Api.Signals;

/// <summary>The metadata of this service for receivers (SSF 1.0, section 7.1).</summary>
internal sealed record SignalMetadata(
    string Issuer,
    [property: JsonPropertyName("jwks_uri")] string JwksUri,
    [property: JsonPropertyName("configuration_endpoint")] string ConfigurationEndpoint,
    [property: JsonPropertyName("status_endpoint")] string StatusEndpoint,
    [property: JsonPropertyName("verification_endpoint")] string VerificationEndpoint)
{
    [JsonPropertyName("spec_version")]
    public string SpecVersion { get; } = "1_0";

    [JsonPropertyName("delivery_methods_supported")]
    public IReadOnlyList<string> DeliveryMethodsSupported { get; } = [StreamDelivery.PushMethod, StreamDelivery.PollMethod];

    /// <summary>The only scheme is OAuth 2.0, with an access token of this service.</summary>
    [JsonPropertyName("authorization_schemes")]
    public IReadOnlyList<AuthorizationScheme> AuthorizationSchemes { get; } = [new("urn:ietf:rfc:6749")];

    [JsonPropertyName("default_subjects")]
    public string DefaultSubjects { get; } = "ALL";

    /// <param name="issuer">The <c>iss</c> of the SETs.</param>
    /// <param name="address">The public address of this service.</param>
    public static SignalMetadata For(string issuer, string address)
    {
        var prefix = address + SignalEndpoints.Prefix;
        return new SignalMetadata(
            issuer, address + PublicNames.WellKnownPrefix + PublicNames.Keys, prefix + SignalEndpoints.StreamPath, prefix + SignalEndpoints.StatusPath,
            prefix + SignalEndpoints.VerifyPath);
    }
}

internal sealed record AuthorizationScheme([property: JsonPropertyName("spec_urn")] string SpecUrn);
