using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace AuthService.Api.Sessions;

/// <summary>The single sign-on with which the person signed in elsewhere.</summary>
/// <param name="Provider">The provider of the single sign-on, at most 250 characters.</param>
/// <param name="Identifier">The provider's id for the person, at most 250 characters.</param>
internal sealed record SsoBody([property: Required] string? Provider, [property: Required] string? Identifier);

/// <param name="UserUuid">The <c>uuid</c> of a person.</param>
/// <param name="Enable">Whether the session can be used at once; true when missing. With false, it is NEW and cannot be used before it is enabled.</param>
/// <param name="Sso">The single sign-on with which the person signed in elsewhere.</param>
/// <param name="PublicComputer">Whether the computer is public, which shortens the session; false when missing.</param>
/// <param name="MobileDevice">Whether the device is mobile; false when missing. A mobile session does not count towards the limit of a product.</param>
/// <param name="CookieDomain">The domain of the caller's cookie, one of the configured ones. It is only stored and shown.</param>
internal sealed record OpenSessionRequest(
    [property: Required] Guid? UserUuid, bool? Enable, SsoBody? Sso, bool? PublicComputer, bool? MobileDevice, string? CookieDomain);

/// <param name="DisableOldestSessions">
/// What happens when the limit of the product is reached. With true the oldest sessions lose the product; otherwise the call is refused.
/// </param>
internal sealed record EnableProductRequest(bool? DisableOldestSessions);

/// <param name="UserUuid">The <c>uuid</c> of the person to impersonate.</param>
/// <param name="Reason">A reason for the audit log, at most 1,000 characters.</param>
internal sealed record ImpersonateRequest([property: Required] Guid? UserUuid, string? Reason);

/// <param name="Id">The id in the path of the request.</param>
/// <param name="Value">The value as it was stored.</param>
internal sealed record StoredTokenResponse(string Id, string Value);

/// <summary>Whether the person has agreed to the service's terms.</summary>
/// <param name="State">ACCEPTED when they have agreed, REQUESTED when they are still to be asked.</param>
internal sealed record AgreementResponse(string State);

/// <summary>The provider of a single sign-on.</summary>
/// <param name="Code">The provider's name, as given when the session was opened.</param>
internal sealed record SsoProviderResponse(string Code);

/// <summary>A product that the person may use.</summary>
/// <param name="ServiceName">EQUISOFT_CONNECT, EQUISOFT_PLAN, EQUISOFT_ANALYZE_FOR_ADVISORS or CPANEL. Other products are not shown.</param>
/// <param name="MaxConcurrentAccess">The largest number of sessions that may use the product at the same time. 0 or absent means no limit.</param>
internal sealed record UserServiceResponse(
    string ServiceName, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? MaxConcurrentAccess);

/// <summary>A person.</summary>
/// <param name="Id">A number that never changes.</param>
/// <param name="Uuid">The person's <c>uuid</c>, which calls of this API take as <c>userUuid</c>.</param>
/// <param name="DisplayName">The first and last name, or the id that the person signs in with when no name is known.</param>
/// <param name="Email">The e-mail address; empty when none is known.</param>
/// <param name="Locale">A language tag; en when none is known.</param>
/// <param name="State">ENABLED, DISABLED or DELETED.</param>
/// <param name="Locked">Whether sign-ins are refused now because too many have failed.</param>
/// <param name="LegacyRoles">The person's only role, USER or ADMIN.</param>
/// <param name="Deletable">False when the person is deleted, true otherwise.</param>
/// <param name="Billable">True while the person is enabled.</param>
/// <param name="Agreement">Whether the person has agreed to the service's terms.</param>
/// <param name="Services">The products for which the person has limits.</param>
/// <param name="ServicesUsers">Always empty, because this service knows no accounts in other systems.</param>
/// <param name="AuthType">PASSWORD, or SSO when the person has no password.</param>
/// <param name="Created">When the person was created.</param>
/// <param name="SsoProvider">The provider of the single sign-on that this session came from; absent without one.</param>
/// <param name="SsoIdentifier">The provider's id for the person; absent without single sign-on.</param>
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

/// <summary>A session, as internal services see it. Times are in ISO 8601 with an offset.</summary>
/// <param name="SessionId">The session's id.</param>
/// <param name="State">NEW, ENABLED or SUSPENDED.</param>
/// <param name="Created">When the session was created.</param>
/// <param name="Suspend">When the session will be suspended if it is not used before.</param>
/// <param name="Expire">When the session expires, even if it is in use.</param>
/// <param name="User">The person that the session acts as.</param>
/// <param name="EnabledForEquisoftConnect">Whether the product EQUISOFT_CONNECT is enabled for this session.</param>
/// <param name="Mobile">Whether the device is mobile. A mobile session does not count towards the limit of a product.</param>
/// <param name="CookieDomain">The cookie domain that the session was opened with; absent without one.</param>
/// <param name="Actor">The administrator who impersonates the user; absent when nobody does.</param>
/// <param name="ActorService">The service that impersonates in the administrator's name; absent when the administrator does so directly.</param>
/// <param name="Sso">The single sign-on with which the user signed in elsewhere; absent without one.</param>
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

/// <param name="Message">A stable code for programs.</param>
/// <param name="Description">A description of the error for people.</param>
/// <param name="TraceId">The trace id of the call, as in the service's logs and traces.</param>
internal sealed record SessionErrorBody(string Message, string Description, string TraceId);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(OpenSessionRequest))]
[JsonSerializable(typeof(EnableProductRequest))]
[JsonSerializable(typeof(ImpersonateRequest))]
[JsonSerializable(typeof(StoredTokenResponse))]
[JsonSerializable(typeof(SessionResponse))]
[JsonSerializable(typeof(SessionErrorBody))]
internal sealed partial class SessionJson : JsonSerializerContext;
