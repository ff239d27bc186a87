using System.Text.Json.Serialization;
using AuthService.Sessions.AccessTokens;

namespace AuthService.Api.OAuth;

/// <summary>The form of RFC 6749, sections 4.4.2 and 6. A client that sends its id and key as Basic credentials leaves them out here.</summary>
/// <param name="GrantType">client_credentials or refresh_token.</param>
internal sealed record TokenGrantBody([property: JsonPropertyName("grant_type")] string GrantType)
{
    /// <summary>The refresh token, when the grant type is refresh_token.</summary>
    [JsonPropertyName("refresh_token")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? RefreshToken { get; init; }

    /// <summary>The requested scopes, separated by spaces; when missing, all scopes that are available.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Scope { get; init; }

    /// <summary>The id of a service.</summary>
    [JsonPropertyName("client_id")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ClientId { get; init; }

    /// <summary>An API key of that service.</summary>
    [JsonPropertyName("client_secret")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ClientSecret { get; init; }
}

/// <summary>A token response in the format of RFC 6749, section 5.1.</summary>
/// <param name="AccessToken">A signed JWT.</param>
/// <param name="TokenType">The way to send the token, always Bearer.</param>
/// <param name="ExpiresIn">The lifetime of the token in seconds.</param>
/// <param name="Scope">The scopes of the token, separated by spaces.</param>
internal sealed record TokenResponse(
    [property: JsonPropertyName("access_token")] string AccessToken,
    [property: JsonPropertyName("token_type")] string TokenType,
    [property: JsonPropertyName("expires_in")] long ExpiresIn,
    string Scope)
{
    public static TokenResponse Of(IssuedToken token) =>
        new(token.Text, "Bearer", token.Claims.ExpiresAt - token.Claims.IssuedAt, string.Join(' ', token.Claims.Scopes));
}
