using AuthService.Api.Http.Input;
using AuthService.Api.Http.OpenApi;
using static AuthService.Api.Http.OpenApi.ExampleValues;

namespace AuthService.Api.Admin;

/// <summary>The examples of sessions, audit entries and settings in the OpenAPI document of the Administration API.</summary>
internal static class OversightExamples
{
    private static readonly AdminSessionResponse Session = new(
        SessionId,
        State: "ENABLED",
        PersonId,
        Actor: null,
        ActorService: null,
        OpenedBy: null,
        CreatedAt: Moment,
        LastUsedAt: Moment.AddHours(2),
        SuspendAt: Moment.AddHours(2).AddDays(14),
        ExpireAt: Moment.AddDays(30),
        IdleTimeoutSeconds: 1_209_600,
        IpAddress,
        UserAgent,
        Location: "Zurich, CH",
        DeviceType: "Desktop",
        DeviceName: "Firefox on Linux",
        PublicComputer: false,
        MobileDevice: false,
        CookieDomain: null,
        Sso: null,
        Products: ["EQUISOFT_CONNECT"],
        Mode: "Web",
        Scopes: ["all:write"],
        AccessTokenLifetimeSeconds: null,
        ExtendedBy: null,
        ExtendedByChain: [],
        ExtendedFrom: null);

    private static readonly Guid AdministratorSessionId = new("01934f2e-5a77-7c11-8d20-6b1f0e9c4d35");

    private static readonly AuditEventResponse Revocation = new(
        4711,
        Moment,
        "session_revoked",
        "success",
        "admin",
        "principal",
        AdministratorSessionId,
        ActorApiKeyId: null,
        PersonId,
        SessionId,
        IpAddress,
        Detail: null);

    public static readonly OperationExamples ListSessions = new()
    {
        Answers = { ["The first page"] = new AdminSessionPageResponse(ItemsInTotal: 1, ItemsPerPage: 50, PageNumber: 0, [Session]) },
        Refusals = [PagingReader.BadPage, AdminErrors.UnknownPrincipal],
    };

    public static readonly OperationExamples RevokeSessions = new()
    {
        Answers = { ["Three"] = new RevokedResponse(3) },
        Refusals = [UnfilteredReader.Bad, AdminErrors.UnknownPrincipal],
    };

    public static readonly OperationExamples ListLineage = new()
    {
        Answers =
        {
            ["A sign-in that has ended, and a service that still acts for its person"] = new[]
            {
                new LineageItem(
                    SessionId, ExtendedFrom: null, "DELETED", PersonId, EndedAt: Moment.AddHours(2), EndReason: "SIGNED_OUT")
                {
                    Tokens =
                    [
                        new LineageToken("EXTENDED", Moment.AddMinutes(50), "_files", Scopes: ["files:read"]),
                        new LineageToken("ONE_TIME", Moment.AddMinutes(40), PersonId, Jti: "01934f2e-6b02-7a55-9c31-2f8d0e4b7a19"),
                    ],
                },
                new LineageItem(
                    AdministratorSessionId, SessionId, "ENABLED", PersonId, ExtendedBy: "_files", CreatedAt: Moment.AddHours(1)),
            },
        },
        Refusals = [AdminErrors.UnknownSession],
    };

    public static readonly OperationExamples RevokeLineage = new()
    {
        Answers = { ["The session and two that were made from it"] = new RevokedResponse(3) },
        Refusals = [DescendantsReader.NoFlag, AdminErrors.UnknownSession],
    };

    public static readonly OperationExamples RevokeSession = new() { Refusals = [AdminErrors.UnknownPrincipal, AdminErrors.UnknownSession] };

    public static readonly OperationExamples GetSecondFactors = new()
    {
        Answers = { ["An authenticator app"] = new SecondFactorsResponse(Connected: true, RecoveryCodesLeft: 9, Passkeys: 2) },
        Refusals = [AdminErrors.UnknownPrincipal],
    };

    public static readonly OperationExamples RemoveSecondFactors = new()
    {
        Refusals = [UnfilteredReader.Bad, AdminErrors.UnknownPrincipal, AdminErrors.ChangedMeanwhile],
    };

    public static readonly OperationExamples ListAudit = new()
    {
        Answers = { ["The last page"] = new AuditPageResponse([Revocation], NextCursor: null) },
        Refusals = [AuditReader.BadPeriod],
    };

    public static readonly OperationExamples LoginServices = new()
    {
        Answers =
        {
            ["One, with the usual time limits"] = new[]
            {
                new LoginServiceResponse("web", "https://app.example.com/", "Web", IdleTimeoutSeconds: null, LifetimeSeconds: null),
            },
        },
    };

    public static readonly OperationExamples SigningKeys = new()
    {
        Answers =
        {
            ["One, which signs"] = new[]
            {
                new SigningKeyResponse(
                    "2026-03", "ES256", "active", Signs: true, Published: true, ActiveFrom: Moment, RetireAfter: Moment.AddYears(1), AgeSeconds: 86_400),
            },
        },
    };
}
