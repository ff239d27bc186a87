using AuthService.Api.Http.Callers;
using AuthService.Api.Http.Input;
using AuthService.Api.Http.OpenApi;
using static AuthService.Api.Http.OpenApi.ExampleValues;

namespace AuthService.Api.Account;

/// <summary>The examples in the OpenAPI document of the Account API.</summary>
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
        Actor: null,
        ActorService: null);

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

    private static readonly UserSessionDetails Impersonated = Delegated with { ExtendedBy = null, Actor = "grace", ActorService = ServiceId };

    public static readonly OperationExamples List = new()
    {
        Answers =
        {
            ["An own session and a delegated one"] = new[] { Own, Delegated },
            ["One in which a service impersonates for an administrator"] = new[] { Own, Impersonated },
        },
    };

    public static readonly OperationExamples ListActive = new() { Answers = { ["An own session"] = new[] { Own } } };

    public static readonly OperationExamples Count = new() { Answers = { ["Two"] = new SessionCount(2) } };

    public static readonly OperationExamples ShowPassword = new()
    {
        Answers =
        {
            ["A person who has one"] = new OwnPasswordResponse(IsSet: true, MinimumLength: 8, ByMail: true),
            ["A person without one"] = new OwnPasswordResponse(IsSet: false, MinimumLength: 8, ByMail: false),
        },
    };

    public static readonly OperationExamples RevokeOthers = new() { Refusals = [UnfilteredReader.Bad, AccountErrors.NoCurrentSession] };

    public static readonly OperationExamples RevokeAll = new() { Refusals = [UnfilteredReader.Bad] };

    public static readonly OperationExamples Revoke = new() { Refusals = [AccountErrors.UnknownSession] };
}
