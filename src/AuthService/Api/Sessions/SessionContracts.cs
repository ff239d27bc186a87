using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace AuthService.Api.Sessions;

/// <summary>How somebody signed in elsewhere.</summary>
/// <param name="Provider">What signed them in, at most 250 characters.</param>
/// <param name="Identifier">Who they are there, at most 250 characters.</param>
internal sealed record SsoBody([property: Required] string? Provider, [property: Required] string? Identifier);

/// <param name="UserUuid">The <c>uuid</c> of a person.</param>
/// <param name="Enable">False leaves the session NEW, of no use until it is enabled; true when missing.</param>
/// <param name="Sso">How the person signed in elsewhere.</param>
/// <param name="PublicComputer">Shortens the session.</param>
/// <param name="MobileDevice">A mobile session counts against no limit of a product.</param>
/// <param name="CookieDomain">One of those that are configured; only kept and shown.</param>
internal sealed record OpenSessionRequest(
    [property: Required] Guid? UserUuid, bool? Enable, SsoBody? Sso, bool? PublicComputer, bool? MobileDevice, string? CookieDomain);

/// <param name="DisableOldestSessions">Past the limit the oldest sessions lose the product; otherwise the call is refused.</param>
internal sealed record EnableProductRequest(bool? DisableOldestSessions);

/// <param name="UserUuid">The <c>uuid</c> of the person to act as.</param>
/// <param name="Reason">For the audit log, at most 1,000 characters.</param>
internal sealed record ImpersonateRequest([property: Required] Guid? UserUuid, string? Reason);

/// <param name="Id">As in the path.</param>
/// <param name="Value">As it was stored.</param>
internal sealed record StoredTokenResponse(string Id, string Value);

/// <summary>The agreement on the service's terms.</summary>
/// <param name="State">ACCEPTED or REQUESTED.</param>
internal sealed record AgreementResponse(string State);

/// <summary>What signed somebody in elsewhere.</summary>
/// <param name="Code">As the session was opened with it.</param>
internal sealed record SsoProviderResponse(string Code);

/// <summary>A product that somebody may use.</summary>
/// <param name="ServiceName">EQUISOFT_CONNECT, EQUISOFT_PLAN, EQUISOFT_ANALYZE_FOR_ADVISORS or CPANEL; others are not shown.</param>
/// <param name="MaxConcurrentAccess">In how many sessions at a time; 0, or none, is no limit.</param>
internal sealed record UserServiceResponse(
    string ServiceName, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? MaxConcurrentAccess);

/// <summary>A person.</summary>
/// <param name="Id">A number that stays theirs.</param>
/// <param name="Uuid">What calls of this API take as <c>userUuid</c>.</param>
/// <param name="DisplayName">First and last name, or else the id that they sign in with.</param>
/// <param name="Email">Empty when none is known.</param>
/// <param name="Locale">A language tag; en when none is known.</param>
/// <param name="State">ENABLED, DISABLED or DELETED.</param>
/// <param name="Locked">Whether sign-ins are refused at the moment, after too many failures.</param>
/// <param name="LegacyRoles">The one role, USER or ADMIN.</param>
/// <param name="Deletable">False once they are deleted.</param>
/// <param name="Billable">True while they are enabled.</param>
/// <param name="Agreement">Whether they have accepted the service's terms.</param>
/// <param name="Services">The products that they have limits for.</param>
/// <param name="ServicesUsers">Always empty: no accounts in other systems are known.</param>
/// <param name="AuthType">PASSWORD, or SSO of whoever has no password.</param>
/// <param name="Created">When they were made.</param>
/// <param name="SsoProvider">What signed them in elsewhere, in this session.</param>
/// <param name="SsoIdentifier">Who they are there.</param>
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

/// <param name="Message">A code, stable, for programs.</param>
/// <param name="Description">For people.</param>
/// <param name="TraceId">Under which the call stands in the log lines and traces.</param>
internal sealed record SessionErrorBody(string Message, string Description, string TraceId);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(OpenSessionRequest))]
[JsonSerializable(typeof(EnableProductRequest))]
[JsonSerializable(typeof(ImpersonateRequest))]
[JsonSerializable(typeof(StoredTokenResponse))]
[JsonSerializable(typeof(SessionResponse))]
[JsonSerializable(typeof(SessionErrorBody))]
internal sealed partial class SessionJson : JsonSerializerContext;
