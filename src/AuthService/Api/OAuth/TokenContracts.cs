using System.Text.Json.Serialization;
using AuthService.Sessions.AccessTokens;

namespace AuthService.Api.OAuth;

/// <summary>The form of RFC 6749, sections 4.4.2 and 6. A client that sends its id and key as Basic leaves them out here.</summary>
/// <param name="GrantType">client_credentials or refresh_token.</param>
internal sealed record TokenGrantBody([property: JsonPropertyName("grant_type")] string GrantType)
{
    /// <summary>For the grant refresh_token.</summary>
    [JsonPropertyName("refresh_token")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? RefreshToken { get; init; }

    /// <summary>Scopes with spaces between them; all that there are when it is missing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Scope { get; init; }

    /// <summary>The id of a service.</summary>
    [JsonPropertyName("client_id")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ClientId { get; init; }

    /// <summary>One of its API keys.</summary>
    [JsonPropertyName("client_secret")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ClientSecret { get; init; }
}

/// <summary>As in RFC 6749, section 5.1.</summary>
/// <param name="AccessToken">The token.</param>
/// <param name="TokenType">How it is sent.</param>
/// <param name="ExpiresIn">In seconds.</param>
/// <param name="Scope">The scopes, with spaces between them.</param>
internal sealed record TokenResponse(
    [property: JsonPropertyName("access_token")] string AccessToken,
    [property: JsonPropertyName("token_type")] string TokenType,
    [property: JsonPropertyName("expires_in")] long ExpiresIn,
    string Scope)
{
    public static TokenResponse Of(IssuedToken token) =>
        new(token.Text, "Bearer", token.Claims.ExpiresAt - token.Claims.IssuedAt, string.Join(' ', token.Claims.Scopes));
}
