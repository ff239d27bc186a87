using System.Text.Json.Serialization;
using AuthService.Api.Http.Browser;
using AuthService.Sessions;

namespace AuthService.Api.Auth;

internal sealed record RefreshResponse(string AccessToken);

internal sealed record WebRefreshResponse(string AccessToken, string CsrfToken);

internal sealed record BulkInvalidateRequest(string?[]? Tokens);

internal sealed record ClaimRequest(string? Jti);

internal sealed record AudienceRequest(string? Audience);

internal sealed record OneTimeTokenResponse(string AccessToken, string Jti);

/// <param name="ValidJWT">Somebody's access token.</param>
/// <param name="RequestedScopes">Each covered by the token and by the caller's policy.</param>
/// <param name="ExpiresIn">Milliseconds, at most 24 hours.</param>
/// <param name="AllowRefreshes">Gives the new token a session of its own.</param>
internal sealed record ExtensionRequestBody(
    [property: JsonPropertyName("validJWT")] string? ValidJWT, string?[]? RequestedScopes, long? ExpiresIn, bool? AllowRefreshes);

internal sealed record ExtensionResponse(
    string AccessToken,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? CsrfToken = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? RefreshToken = null);

internal sealed record SessionPageResponse(int ItemsInTotal, int ItemsPerPage, int PageNumber, IReadOnlyList<SessionItem> Items);

/// <summary>Times are milliseconds since 1970.</summary>
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
