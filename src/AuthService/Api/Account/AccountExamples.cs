using AuthService.Api.Http;
using static AuthService.Api.Http.ExampleValues;

namespace AuthService.Api.Account;

/// <summary>What the document of the Account API shows.</summary>
internal static class AccountExamples
{
    private static readonly UserSessionDetails Own = new(
        SessionId,
        IpAddress,
        UserAgent,
        LoginTime: Moment.ToUnixTimeMilliseconds(),
        LastAccessed: Moment.AddHours(2).ToUnixTimeMilliseconds(),
        Email,
        Location: "Zurich, CH",
        DeviceType: "Desktop",
        DeviceName: "Firefox on Linux",
        SessionDuration: 7_260_000,
        InactivityDuration: 60_000,
        ExpiresAt: Moment.AddDays(30).ToUnixTimeMilliseconds(),
        Current: true,
        ExtendedBy: null,
        Actor: null);

    private static readonly UserSessionDetails Delegated = Own with
    {
        SessionId = new("0199b30c-1a42-7e19-8d6b-5f20e9c3a718"),
        IpAddress = null,
        UserAgent = null,
        Location = null,
        DeviceType = "Unknown",
        DeviceName = DeviceReading.UnknownDevice,
        Current = false,
        ExtendedBy = ServiceId,
    };

    public static readonly IReadOnlyList<OperationExamples> All =
    [
        new("GET /account/auth/sessions") { Answers = { ["An own session and a delegated one"] = new[] { Own, Delegated } } },
        new("GET /account/auth/sessions/active") { Answers = { ["An own session"] = new[] { Own } } },
        new("GET /account/auth/sessions/count") { Answers = { ["Two"] = new SessionCount(2) } },
        new("DELETE /account/auth/sessions") { Refusals = [AccountErrors.NoCurrentSession] },
        new("DELETE /account/auth/sessions/all"),
        new("DELETE /account/auth/sessions/{sessionId}") { Refusals = [AccountErrors.UnknownSession] },
        new("PUT /account/password")
        {
            Requests = { ["A new one for the old"] = new ChangePasswordRequest(Password, "violet anchor biscuit 41") },
            Refusals =
            [
                AccountErrors.PasswordLength("newPassword"), AccountErrors.PasswordNotAllowed("The password must have at least 8 characters"),
                AccountErrors.WrongPassword, AccountErrors.Impersonated, AccountErrors.ChangedMeanwhile, AccountErrors.Locked(TimeSpan.FromSeconds(5)),
            ],
        },
    ];
}
