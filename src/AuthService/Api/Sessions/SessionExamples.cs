using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Api.Http.OpenApi;
using static AuthService.Api.Http.OpenApi.ExampleValues;

namespace AuthService.Api.Sessions;

/// <summary>The examples in the OpenAPI document of the Sessions API.</summary>
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
        ActorService: null,
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

    private static readonly SessionResponse ServiceImpersonating = Impersonating with { ActorService = ServiceId };

    public static readonly OperationExamples Open = new()
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
            OpenSessionReader.NoUser, SessionErrors.InvalidCookieDomain, SessionErrors.UnknownUser,
            SessionErrors.UserNotEnabled, SessionErrors.AgreementRequested, SessionErrors.PasswordResetRequested,
        ],
    };

    public static readonly OperationExamples Get = new()
    {
        Answers = { ["Enabled"] = Enabled, ["Suspended"] = Suspended, ["Impersonating"] = Impersonating },
        Refusals = [SessionIdReader.NoUuid, KeepAliveReader.NoFlag, SessionErrors.UnknownSession],
    };

    public static readonly OperationExamples RevokeEveryones = new() { Refusals = [UnfilteredReader.Bad] };

    public static readonly OperationExamples Revoke = new() { Refusals = [SessionIdReader.NoUuid, SessionErrors.UnknownSession] };

    public static readonly OperationExamples Enable = new() { Refusals = [SessionIdReader.NoUuid, SessionErrors.UnknownSession] };

    public static readonly OperationExamples EnableProduct = new()
    {
        Requests = { ["The oldest sessions give way"] = new EnableProductRequest(DisableOldestSessions: true) },
        Refusals = [SessionIdReader.NoUuid, SessionErrors.UnknownSession, SessionErrors.UnknownProduct, SessionErrors.ConcurrentAccess,
            SessionErrors.SessionNotEnabled],
    };

    public static readonly OperationExamples Impersonate = new()
    {
        Requests = { ["Looking into a fault"] = new ImpersonateRequest(PersonUuid, "Ticket 4711: the report is empty") },
        Answers = { ["The administrator calls"] = Impersonating, ["The service that opened the session calls"] = ServiceImpersonating },
        Refusals =
        [
            SessionIdReader.NoUuid, ImpersonationReader.Bad, SessionErrors.ImpersonationNotAllowed, SessionErrors.ImpersonationByOther,
            SessionErrors.UnknownSession, SessionErrors.UnknownUser, SessionErrors.AlreadyImpersonated, SessionErrors.SessionNotEnabled,
            SessionErrors.UserNotEnabled,
        ],
    };

    public static readonly OperationExamples RevertIdentity = new()
    {
        Answers = { ["The administrator again"] = Enabled with { User = Administrator, EnabledForEquisoftConnect = false } },
        Refusals = [SessionIdReader.NoUuid, SessionErrors.UnknownSession, SessionErrors.NotImpersonated],
    };

    public static readonly OperationExamples PutToken = new()
    {
        Requests = { ["A token"] = Token },
        Refusals =
        [
            SessionIdReader.NoUuid, TokenIdReader.BadLength, StoredTokenValueReader.NoText, .. OutOfReach, SessionErrors.UnknownSession,
            UnavailableError.EncryptionKeyMissing,
        ],
    };

    public static readonly OperationExamples GetToken = new()
    {
        Answers = { ["A token"] = new StoredTokenResponse("saml", Token) },
        Refusals = [.. OfStoredToken, UnavailableError.EncryptionKeyMissing],
    };

    public static readonly OperationExamples DeleteToken = new() { Refusals = OfStoredToken };

    private static ApiError[] OfStoredToken =>
        [SessionIdReader.NoUuid, TokenIdReader.BadLength, .. OutOfReach, SessionErrors.UnknownSession, SessionErrors.UnknownToken];

    private static ApiError[] OutOfReach => [SessionErrors.TokensOutOfReach, SessionErrors.TokenOfAnother];
}
