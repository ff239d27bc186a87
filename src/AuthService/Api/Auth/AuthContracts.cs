using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using AuthService.Api.Http.Browser;
using AuthService.Sessions;

namespace AuthService.Api.Auth;

/// <param name="AccessToken">A signed JWT that lives minutes.</param>
internal sealed record RefreshResponse(string AccessToken);

/// <param name="AccessToken">A signed JWT that lives minutes.</param>
/// <param name="CsrfToken">The same as before, for the header X-CSRFToken.</param>
internal sealed record WebRefreshResponse(string AccessToken, string CsrfToken);

/// <param name="Tokens">At most 10,000 refresh tokens; unknown ones are passed over.</param>
internal sealed record BulkInvalidateRequest([property: Required] string?[]? Tokens);

/// <param name="Jti">1 to 256 characters.</param>
internal sealed record ClaimRequest([property: Required] string? Jti);

/// <param name="Audience">Scopes joined by commas.</param>
internal sealed record AudienceRequest([property: Required] string? Audience);

/// <param name="AccessToken">A signed JWT that is good for one use, within 30 seconds.</param>
/// <param name="Jti">What whoever acts on it claims.</param>
internal sealed record OneTimeTokenResponse(string AccessToken, string Jti);

/// <param name="ValidJWT">Somebody's access token.</param>
/// <param name="RequestedScopes">At least one, each covered by the token and by the caller's policy.</param>
/// <param name="ExpiresIn">Milliseconds, at most 24 hours.</param>
/// <param name="AllowRefreshes">Gives the new token a session of its own.</param>
internal sealed record ExtensionRequestBody(
    [property: JsonPropertyName("validJWT"), Required] string? ValidJWT,
    [property: Required] string?[]? RequestedScopes,
    [property: Required] long? ExpiresIn,
    bool? AllowRefreshes);

/// <param name="AccessToken">A signed JWT with the requested scopes.</param>
/// <param name="CsrfToken">Of the new session; only with allowRefreshes.</param>
/// <param name="RefreshToken">Of the new session; only with allowRefreshes.</param>
internal sealed record ExtensionResponse(
    string AccessToken,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? CsrfToken = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? RefreshToken = null);

/// <param name="ItemsInTotal">On all pages.</param>
/// <param name="ItemsPerPage">As it was asked for, or 50.</param>
/// <param name="PageNumber">From 0.</param>
/// <param name="Items">The newest first.</param>
internal sealed record SessionPageResponse(int ItemsInTotal, int ItemsPerPage, int PageNumber, IReadOnlyList<SessionItem> Items);

/// <summary>One of the caller's sessions. Times are milliseconds since 1970.</summary>
/// <param name="Id">The session's id.</param>
/// <param name="IpAddress">Where the sign-in came from, or "Unknown location".</param>
/// <param name="UserAgent">As the browser sent it, or "Unknown device".</param>
/// <param name="CreatedAt">When it began, in milliseconds since 1970.</param>
/// <param name="LastUsedAt">When it was last used, in milliseconds since 1970, to the minute.</param>
/// <param name="Current">Whether it is the one that this call is made with.</param>
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

/// <param name="Why">For people.</param>
/// <param name="ErrorCode">Stable, for programs.</param>
/// <param name="TraceId">Under which the call stands in the log lines and traces.</param>
/// <param name="Token">For a new password, after a sign-in that requests one.</param>
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
