using AuthService.Api.Http;
using static AuthService.Api.Http.ExampleValues;

namespace AuthService.Api.Sessions;

/// <summary>What the document of the Sessions API shows.</summary>
internal static class SessionExamples
{
    private const string Token = "eyJhbGciOiJSUzI1NiIs…";

    private static readonly UserResponse User = new(
        Id: 42,
        PersonUuid,
        DisplayName: "Ada Lovelace",
        Email,
        Locale: "en",
        State: "ENABLED",
        Locked: false,
        LegacyRoles: ["USER"],
        Deletable: true,
        Billable: true,
        new AgreementResponse("ACCEPTED"),
        [new UserServiceResponse("EQUISOFT_CONNECT", MaxConcurrentAccess: 3)],
        ServicesUsers: [],
        AuthType: "PASSWORD",
        Created: Moment.AddYears(-1),
        SsoProvider: null,
        SsoIdentifier: null);

    private static readonly UserResponse Administrator = User with
    {
        Id = 1,
        Uuid = OtherUuid,
        DisplayName = "Grace Hopper",
        Email = "grace@example.com",
        LegacyRoles = ["ADMIN"],
        Services = [],
    };

    private static readonly SessionResponse Enabled = new(
        ExampleValues.SessionId,
        State: "ENABLED",
        Created: Moment,
        Suspend: Moment.AddDays(14),
        Expire: Moment.AddDays(30),
        User,
        EnabledForEquisoftConnect: true,
        Mobile: false,
        CookieDomain: null,
        Actor: null,
        Sso: null);

    private static readonly SessionResponse New = Enabled with
    {
        State = "NEW",
        User = User with { AuthType = "SSO", SsoProvider = new SsoProviderResponse("SAML"), SsoIdentifier = Email },
        EnabledForEquisoftConnect = false,
        CookieDomain = "example.com",
        Sso = new SsoBody("SAML", Email),
    };

    private static readonly SessionResponse Suspended = Enabled with { State = "SUSPENDED", Suspend = Moment.AddHours(1), EnabledForEquisoftConnect = false };

    private static readonly SessionResponse Impersonating = Enabled with { Actor = Administrator, EnabledForEquisoftConnect = false };

    public static readonly IReadOnlyList<OperationExamples> All =
    [
        new("POST /sessions")
        {
            Requests =
            {
                ["Enabled at once"] = new OpenSessionRequest(PersonUuid, Enable: null, Sso: null, PublicComputer: null, MobileDevice: null, CookieDomain: null),
                ["NEW, after a single sign-on"] = new OpenSessionRequest(
                    PersonUuid, Enable: false, new SsoBody("SAML", Email), PublicComputer: false, MobileDevice: false, CookieDomain: "example.com"),
            },
            Answers = { ["Enabled at once"] = Enabled with { EnabledForEquisoftConnect = false }, ["NEW, after a single sign-on"] = New },
            Refusals =
            [
                OpenSessionInput.NoUser, SessionErrors.InvalidCookieDomain, SessionErrors.UnknownUser,
                SessionErrors.UserNotEnabled, SessionErrors.AgreementRequested, SessionErrors.PasswordResetRequested,
            ],
        },
        new("DELETE /sessions"),
        new("DELETE /sessions/expired"),
        new("GET /sessions/{uuid}")
        {
            Answers = { ["Enabled"] = Enabled, ["Suspended"] = Suspended, ["Impersonating"] = Impersonating },
            Refusals = [SessionId.NoUuid, KeepAlive.NoFlag, SessionErrors.UnknownSession],
        },
        new("DELETE /sessions/{uuid}") { Refusals = [SessionId.NoUuid, SessionErrors.UnknownSession] },
        new("POST /sessions/{uuid}/enable") { Refusals = [SessionId.NoUuid, SessionErrors.UnknownSession] },
        new("POST /sessions/{uuid}/enable/{product}")
        {
            Requests = { ["The oldest sessions give way"] = new EnableProductRequest(DisableOldestSessions: true) },
            Refusals = [SessionId.NoUuid, SessionErrors.UnknownSession, SessionErrors.UnknownProduct, SessionErrors.ConcurrentAccess, SessionErrors.SessionNotEnabled],
        },
        new("POST /sessions/{uuid}/impersonate")
        {
            Requests = { ["Looking into a fault"] = new ImpersonateRequest(PersonUuid, "Ticket 4711: the report is empty") },
            Answers = { ["Impersonating"] = Impersonating },
            Refusals =
            [
                SessionId.NoUuid, SessionErrors.BadImpersonation, SessionErrors.ImpersonationNotAllowed, SessionErrors.UnknownSession,
                SessionErrors.UnknownUser, SessionErrors.AlreadyImpersonated, SessionErrors.SessionNotEnabled, SessionErrors.UserNotEnabled,
            ],
        },
        new("POST /sessions/{uuid}/revertIdentity")
        {
            Answers = { ["The administrator again"] = Enabled with { User = Administrator, EnabledForEquisoftConnect = false } },
            Refusals = [SessionId.NoUuid, SessionErrors.UnknownSession, SessionErrors.NotImpersonated],
        },
        new("PUT /sessions/{uuid}/tokens/{tokenId}")
        {
            Requests = { ["A token"] = Token },
            Refusals = [SessionId.NoUuid, TokenId.BadLength, StoredTokenInput.NoText, SessionErrors.TokensOutOfReach, SessionErrors.UnknownSession],
        },
        new("GET /sessions/{uuid}/tokens/{tokenId}")
        {
            Answers = { ["A token"] = new StoredTokenResponse("saml", Token) },
            Refusals = OfStoredToken,
        },
        new("DELETE /sessions/{uuid}/tokens/{tokenId}") { Refusals = OfStoredToken },
    ];

    private static ApiError[] OfStoredToken =>
        [SessionId.NoUuid, TokenId.BadLength, SessionErrors.TokensOutOfReach, SessionErrors.UnknownSession, SessionErrors.UnknownToken];
}
