using System.Text.Json.Serialization;
using AuthService.Api.Http.Browser;
using AuthService.Api.Http.Callers;
using AuthService.Sessions;

namespace AuthService.Api.Account;

/// <summary>One of a person's sessions. Moments are milliseconds since 1970, durations milliseconds.</summary>
/// <param name="SessionId">What <c>DELETE /account/auth/sessions/{sessionId}</c> takes.</param>
/// <param name="IpAddress">Where the sign-in came from; null when a service made the session.</param>
/// <param name="UserAgent">As the browser sent it.</param>
/// <param name="LoginTime">When the session began.</param>
/// <param name="LastAccessed">When it was last used, to the minute.</param>
/// <param name="Email">Of the person.</param>
/// <param name="Location">As the reverse proxy told it.</param>
/// <param name="DeviceType">Desktop, Mobile, Tablet, Bot or Unknown.</param>
/// <param name="DeviceName">For people: "Firefox on Linux".</param>
/// <param name="SessionDuration">How long ago it began.</param>
/// <param name="InactivityDuration">How long ago it was last used.</param>
/// <param name="ExpiresAt">When it ends, however much it is used.</param>
/// <param name="Current">Whether it is the one that this call is made with.</param>
/// <param name="ExtendedBy">The service that acts for the person in it; absent from their own sign-ins.</param>
/// <param name="Actor">The administrator who impersonates in it.</param>
/// <param name="ActorService">The service that does so in the administrator's name; absent when they do so themselves.</param>
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

/// <param name="ActiveSessions">Those that are enabled and not idle.</param>
internal sealed record SessionCount(int ActiveSessions);

/// <param name="Message">For people.</param>
/// <param name="Status">A code, stable, for programs.</param>
/// <param name="TraceId">Under which the call stands in the log lines and traces.</param>
internal sealed record AccountErrorBody(string Message, string Status, string TraceId);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IReadOnlyList<UserSessionDetails>))]
[JsonSerializable(typeof(SessionCount))]
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
