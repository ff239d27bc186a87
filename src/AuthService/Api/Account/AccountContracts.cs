using System.Text.Json.Serialization;
using AuthService.Api.Http.Browser;
using AuthService.Api.Http.Callers;
using AuthService.Sessions.Lists;

namespace AuthService.Api.Account;

/// <summary>A session of the caller. Times are in milliseconds since 1970, durations in milliseconds.</summary>
/// <param name="SessionId">The session's id, as <c>DELETE /account/auth/sessions/{sessionId}</c> takes it.</param>
/// <param name="IpAddress">The IP address that the sign-in came from; null when a service created the session.</param>
/// <param name="UserAgent">The browser's User-Agent header; null when it sent none or a service created the session.</param>
/// <param name="LoginTime">When the session was created.</param>
/// <param name="LastAccessed">When the session was last used, accurate to the minute.</param>
/// <param name="Email">The caller's e-mail address; null when none is known.</param>
/// <param name="Location">The location that the reverse proxy reported; null when it reported none.</param>
/// <param name="DeviceType">Desktop, Mobile, Tablet, Bot or Unknown.</param>
/// <param name="DeviceName">A name to show to people, such as "Firefox on Linux".</param>
/// <param name="SessionDuration">The time since the session was created.</param>
/// <param name="InactivityDuration">The time since the session was last used.</param>
/// <param name="ExpiresAt">When the session expires, even if it is in use.</param>
/// <param name="Current">Whether this call was made with this session.</param>
/// <param name="ExtendedBy">The service that created the session by extending a token of the caller; absent for the caller's own sign-ins.</param>
/// <param name="Actor">The administrator who impersonates the caller in this session; absent when nobody does.</param>
/// <param name="ActorService">The service that impersonates in the administrator's name; absent when the administrator does so directly.</param>
internal sealed record UserSessionDetails(
    Guid SessionId,
    string? IpAddress,
    string? UserAgent,
    long LoginTime,
    long LastAccessed,
    string? Email,
    string? Location,
    string DeviceType,
    string DeviceName,
    long SessionDuration,
    long InactivityDuration,
    long ExpiresAt,
    bool Current,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ExtendedBy,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Actor,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ActorService)
{
    public static UserSessionDetails Of(SessionListItem session, Caller caller, DateTimeOffset now)
    {
        var device = DeviceReading.Read(session.UserAgent);
        return new UserSessionDetails(
            session.Id,
            session.IpAddress,
            session.UserAgent,
            session.CreatedAt.ToUnixTimeMilliseconds(),
            session.LastUsedAt.ToUnixTimeMilliseconds(),
            caller.Principal.Profile.Email,
            session.Location,
            device.Type,
            device.Name,
            (long)(now - session.CreatedAt).TotalMilliseconds,
            (long)(now - session.LastUsedAt).TotalMilliseconds,
            session.ExpireAt.ToUnixTimeMilliseconds(),
            Current: session.Id == caller.SessionId,
            session.ExtendedBy,
            session.Actor,
            session.ActorService);
    }
}

/// <summary>What the caller can do about their password.</summary>
/// <param name="IsSet">Whether the caller has a password. False for people who sign in with a passkey or an identity provider alone.</param>
/// <param name="MinimumLength">The number of characters that a new password must have at least.</param>
/// <param name="ByMail">Whether <c>POST /api/password/reset</c> with the caller's address mails them a link for a new password.</param>
internal sealed record OwnPasswordResponse(bool IsSet, int MinimumLength, bool ByMail);

/// <param name="ActiveSessions">Those that are enabled and not idle.</param>
internal sealed record SessionCount(int ActiveSessions);

/// <param name="Message">A description of the error for people.</param>
/// <param name="Status">A stable code for programs.</param>
/// <param name="TraceId">The trace id of the call, as in the service's logs and traces.</param>
internal sealed record AccountErrorBody(string Message, string Status, string TraceId);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IReadOnlyList<UserSessionDetails>))]
[JsonSerializable(typeof(SessionCount))]
[JsonSerializable(typeof(OwnPasswordResponse))]
[JsonSerializable(typeof(ChangePasswordRequest))]
[JsonSerializable(typeof(OwnEmail))]
[JsonSerializable(typeof(EmailRequest))]
[JsonSerializable(typeof(MailTokenRequest))]
[JsonSerializable(typeof(AccountErrorBody))]
[JsonSerializable(typeof(PasskeyPromptResponse))]
[JsonSerializable(typeof(NewPasskeyRequest))]
[JsonSerializable(typeof(PasskeyPatch))]
[JsonSerializable(typeof(DeviceItem))]
[JsonSerializable(typeof(IReadOnlyList<DeviceItem>))]
[JsonSerializable(typeof(PasskeyItem))]
[JsonSerializable(typeof(IReadOnlyList<PasskeyItem>))]
[JsonSerializable(typeof(OwnIdentitiesResponse))]
[JsonSerializable(typeof(NewIdentityRequest))]
[JsonSerializable(typeof(NewIdentityResponse))]
internal sealed partial class AccountJson : JsonSerializerContext;
