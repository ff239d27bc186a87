using System.Text.Json.Serialization;

namespace AuthService.Api.Sessions;

internal sealed record SsoBody(string? Provider, string? Identifier);

/// <param name="UserUuid">The <c>uuid</c> of a person.</param>
/// <param name="Enable">False leaves the session NEW, of no use until it is enabled.</param>
internal sealed record OpenSessionRequest(
    Guid? UserUuid, bool? Enable, SsoBody? Sso, bool? PublicComputer, bool? MobileDevice, string? CookieDomain);

internal sealed record EnableProductRequest(bool? DisableOldestSessions);

internal sealed record ImpersonateRequest(Guid? UserUuid, string? Reason);

internal sealed record StoredTokenResponse(string Id, string Value);

internal sealed record AgreementResponse(string State);

internal sealed record SsoProviderResponse(string Code);

internal sealed record UserServiceResponse(
    string ServiceName, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? MaxConcurrentAccess);

internal sealed record UserResponse(
    long Id,
    Guid Uuid,
    string DisplayName,
    string Email,
    string Locale,
    string State,
    bool Locked,
    string[] LegacyRoles,
    bool Deletable,
    bool Billable,
    AgreementResponse Agreement,
    UserServiceResponse[] Services,
    string[] ServicesUsers,
    string AuthType,
    DateTimeOffset Created,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SsoProviderResponse? SsoProvider,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? SsoIdentifier);

/// <summary>A session as internal services see it. Moments are ISO 8601 with offset.</summary>
/// <param name="SessionId">The session's id.</param>
/// <param name="State">NEW, ENABLED or SUSPENDED.</param>
/// <param name="Created">When it began.</param>
/// <param name="Suspend">When it is suspended unless it is used before.</param>
/// <param name="Expire">When it ends, whatever happens.</param>
/// <param name="User">Whom it acts as.</param>
/// <param name="EnabledForEquisoftConnect">Whether it counts as one of the user's sessions there.</param>
/// <param name="Mobile">Mobile sessions count against no limit.</param>
/// <param name="CookieDomain">As it was opened with.</param>
/// <param name="Actor">The administrator who impersonates the user.</param>
/// <param name="ActorService">The service that does so in the administrator's name; absent when they do so themselves.</param>
/// <param name="Sso">How the user signed in elsewhere.</param>
internal sealed record SessionResponse(
    Guid SessionId,
    string State,
    DateTimeOffset Created,
    DateTimeOffset Suspend,
    DateTimeOffset Expire,
    UserResponse User,
    bool EnabledForEquisoftConnect,
    bool Mobile,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? CookieDomain,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] UserResponse? Actor,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ActorService,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SsoBody? Sso);

internal sealed record SessionErrorBody(string Message, string Description, string TraceId);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(OpenSessionRequest))]
[JsonSerializable(typeof(EnableProductRequest))]
[JsonSerializable(typeof(ImpersonateRequest))]
[JsonSerializable(typeof(StoredTokenResponse))]
[JsonSerializable(typeof(SessionResponse))]
[JsonSerializable(typeof(SessionErrorBody))]
internal sealed partial class SessionJson : JsonSerializerContext;
