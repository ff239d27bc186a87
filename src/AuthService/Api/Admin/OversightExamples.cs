using AuthService.Api.Http;
using static AuthService.Api.Http.ExampleValues;

namespace AuthService.Api.Admin;

/// <summary>What the document of the Administration API shows of sessions, of the record of deeds and of what is configured.</summary>
internal static class OversightExamples
{
    private static readonly AdminSessionResponse Session = new(
        SessionId,
        State: "ENABLED",
        PersonId,
        Actor: null,
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

    private static readonly AuditEventResponse Revocation = new(
        4711, Moment, "session_revoked", "success", "admin", PersonId, SessionId, IpAddress, Detail: null);

    public static readonly IReadOnlyList<OperationExamples> All =
    [
        new("GET /admin/principals/{id}/sessions")
        {
            Answers = { ["The first page"] = new AdminSessionPageResponse(ItemsInTotal: 1, ItemsPerPage: 50, PageNumber: 0, [Session]) },
            Refusals = [Paging.BadPage, AdminErrors.UnknownPrincipal],
        },
        new("DELETE /admin/principals/{id}/sessions") { Answers = { ["Three"] = new RevokedResponse(3) }, Refusals = [AdminErrors.UnknownPrincipal] },
        new("DELETE /admin/principals/{id}/sessions/{sessionId}") { Refusals = [AdminErrors.UnknownPrincipal, AdminErrors.UnknownSession] },
        new("GET /admin/audit")
        {
            Answers = { ["The last page"] = new AuditPageResponse([Revocation], NextCursor: null) },
            Refusals = [AuditInput.BadPeriod],
        },
        new("GET /admin/login-services")
        {
            Answers = { ["One, with the usual time limits"] = new[] { new LoginServiceResponse("web", "https://app.example.com/", "Web", IdleTimeoutSeconds: null, LifetimeSeconds: null) } },
        },
        new("GET /admin/signing-keys")
        {
            Answers =
            {
                ["One, which signs"] = new[]
                {
                    new SigningKeyResponse("2026-03", "ES256", "active", Signs: true, Published: true, ActiveFrom: Moment, RetireAfter: Moment.AddYears(1), AgeSeconds: 86_400),
                },
            },
        },
    ];
}
