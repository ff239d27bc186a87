using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using AuthService.Api.Http.Browser;
using AuthService.Sessions.Lists;

namespace AuthService.Api.Auth;

/// <param name="AccessToken">A signed JWT that expires after minutes.</param>
internal sealed record RefreshResponse(string AccessToken);

/// <param name="AccessToken">A signed JWT that expires after minutes.</param>
/// <param name="CsrfToken">The session's CSRF token, unchanged, for the header X-CSRFToken.</param>
internal sealed record WebRefreshResponse(string AccessToken, string CsrfToken);

/// <param name="Tokens">At most 10,000 refresh tokens. Unknown ones are ignored.</param>
internal sealed record BulkInvalidateRequest([property: Required] string?[]? Tokens);

/// <param name="Jti">The <c>jti</c> of the one-time token, 1 to 256 characters.</param>
internal sealed record ClaimRequest([property: Required] string? Jti);

/// <param name="Audience">The requested scopes, separated by commas.</param>
internal sealed record AudienceRequest([property: Required] string? Audience);

/// <param name="AccessToken">A signed JWT that can be used once, within 30 seconds.</param>
/// <param name="Jti">The id of the token. The service that acts on the token claims this id first.</param>
internal sealed record OneTimeTokenResponse(string AccessToken, string Jti);

/// <param name="ValidJWT">The access token to extend.</param>
/// <param name="RequestedScopes">The scopes of the new token, at least one. The extended token and the caller's policy must cover each of them.</param>
/// <param name="ExpiresIn">Milliseconds, at most 24 hours.</param>
/// <param name="AllowRefreshes">Whether the new token gets a session of its own, with a refresh token; false when missing.</param>
internal sealed record ExtensionRequestBody(
    [property: JsonPropertyName("validJWT"), Required] string? ValidJWT,
    [property: Required] string?[]? RequestedScopes,
    [property: Required] long? ExpiresIn,
    bool? AllowRefreshes);

/// <param name="AccessToken">A signed JWT with the requested scopes.</param>
/// <param name="CsrfToken">The CSRF token of the new session; absent without allowRefreshes.</param>
/// <param name="RefreshToken">The refresh token of the new session; absent without allowRefreshes.</param>
internal sealed record ExtensionResponse(
    string AccessToken,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? CsrfToken = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? RefreshToken = null);

/// <param name="ItemsInTotal">The number of sessions on all pages.</param>
/// <param name="ItemsPerPage">The page size: the requested one, or 50.</param>
/// <param name="PageNumber">The page number, starting at 0.</param>
/// <param name="Items">The sessions of this page, newest first.</param>
internal sealed record SessionPageResponse(int ItemsInTotal, int ItemsPerPage, int PageNumber, IReadOnlyList<SessionItem> Items);

/// <summary>A session of the caller. Times are in milliseconds since 1970.</summary>
/// <param name="Id">The session's id.</param>
/// <param name="IpAddress">The IP address that the sign-in came from, or "Unknown location".</param>
/// <param name="UserAgent">The browser's User-Agent header, or "Unknown device".</param>
/// <param name="CreatedAt">When the session was created, in milliseconds since 1970.</param>
/// <param name="LastUsedAt">When the session was last used, in milliseconds since 1970, accurate to the minute.</param>
/// <param name="Current">Whether this call was made with this session.</param>
internal sealed record SessionItem(Guid Id, string IpAddress, string UserAgent, long CreatedAt, long LastUsedAt, bool Current)
{
    public static SessionItem Of(SessionListItem session, Guid? current) => new(
        session.Id,
        session.IpAddress ?? "Unknown location",
        session.UserAgent ?? "Unknown device",
        session.CreatedAt.ToUnixTimeMilliseconds(),
        session.LastUsedAt.ToUnixTimeMilliseconds(),
        Current: session.Id == current);
}

/// <param name="Why">A description of the error for people.</param>
/// <param name="ErrorCode">A stable code for programs; null when there is none.</param>
/// <param name="TraceId">The trace id of the call, as in the service's logs and traces.</param>
/// <param name="Token">A token to set a new password with, after a sign-in that requires one; absent from every other error.</param>
internal sealed record AuthErrorBody(
    string Why, string? ErrorCode, string TraceId, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Token = null);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(LoginRequest))]
[JsonSerializable(typeof(LoginResponse))]
[JsonSerializable(typeof(RefreshResponse))]
[JsonSerializable(typeof(WebRefreshResponse))]
[JsonSerializable(typeof(BulkInvalidateRequest))]
[JsonSerializable(typeof(ClaimRequest))]
[JsonSerializable(typeof(AudienceRequest))]
[JsonSerializable(typeof(OneTimeTokenResponse))]
[JsonSerializable(typeof(ExtensionRequestBody))]
[JsonSerializable(typeof(ExtensionResponse))]
[JsonSerializable(typeof(SessionPageResponse))]
[JsonSerializable(typeof(AuthErrorBody))]
[JsonSerializable(typeof(CredentialsResponse))]
[JsonSerializable(typeof(AnswerChallengeRequest))]
[JsonSerializable(typeof(SecondFactorStatus))]
[JsonSerializable(typeof(RecoveryCodesResponse))]
[JsonSerializable(typeof(ReauthenticateRequest))]
[JsonSerializable(typeof(ChangePasswordRequest))]
[JsonSerializable(typeof(PasskeyOptionsRequest))]
[JsonSerializable(typeof(PasskeyPromptResponse))]
[JsonSerializable(typeof(PasskeyLoginRequest))]
[JsonSerializable(typeof(IdentityProvidersResponse))]
[JsonSerializable(typeof(ProviderLogoutErrorBody))]
internal sealed partial class AuthJson : JsonSerializerContext;
