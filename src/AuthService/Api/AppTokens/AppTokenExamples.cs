using AuthService.Api.Http.Errors;
using AuthService.Api.Http.OpenApi;
using AuthService.Applications;

namespace AuthService.Api.AppTokens;

/// <summary>The examples in the OpenAPI document of the App tokens API.</summary>
internal static class AppTokenExamples
{
    private const string Uid = "acme-orders";
    private const string OtherName = "ACME orders and returns";
    private const string SessionId = "sess-4711";
    private const string Token = "appsk_7Qm2…";
    private static readonly Dictionary<string, string> Metadata = new(StringComparer.Ordinal) { ["plan"] = "gold" };
    private static readonly ApplicationRequest Wanted = new("ACME orders", Uid, Metadata, ThrottleRate: 100);
    private static readonly PortalAccessResponse Link = new(AppPortalOptions.Link("https://portal.example.com/", Token, featureFlags: null), Token);

    private static readonly ApplicationResponse Application = new(
        "app_0199b2e47c317d5a9f0e3b6a51c8d204",
        Uid,
        Wanted.Name,
        Metadata,
        Wanted.ThrottleRate,
        Wanted.ThrottleRate,
        ExampleValues.Moment,
        ExampleValues.Moment);

    private static readonly ListPosition OnlyOne = new(Number: 1, Backwards: false);

    private static readonly ApiError NoSessionIds = ApiError.Unprocessable(
        new InputFault(
            ["body", "sessionIds"],
            "sessionIds must be 1 to 100 texts of 1 to 256 characters, none of them a control character",
            FaultTypes.WrongType));

    private static readonly ApiError TwoRates = ApiError.Unprocessable(
        new InputFault(["body", "throttleRate"], "throttleRate and rateLimit are one thing and must not differ", FaultTypes.Mismatch));

    private static readonly ApiError NoName = ApiError.Unprocessable(new InputFault(["body", "name"], "name is missing", FaultTypes.Missing));

    public static readonly OperationExamples DashboardAccess = new()
    {
        Answers = { ["A magic link and its token"] = Link },
        Refusals =
        [
            AppTokenErrors.UnknownApplication, ApplicationKeyReader.BadId, IdempotencyKeyReader.BadKey,
            AppTokenErrors.PortalMissing, UnavailableError.EncryptionKeyMissing,
        ],
    };

    public static readonly OperationExamples PortalAccess = new()
    {
        Requests =
        {
            ["For a day"] = new PortalAccessRequest(["logs"], Expiry: 86_400, Application: null, SessionId),
            ["For an application that there may not be yet"] = new PortalAccessRequest(FeatureFlags: null, Expiry: null, Wanted),
        },
        Answers = { ["A magic link and its token"] = Link },
        Refusals =
        [
            AppTokenErrors.UnknownApplication, AppTokenErrors.UidDiffers, NoName, ApplicationKeyReader.BadId, AppTokenErrors.KeyUsedDifferently,
            AppTokenErrors.PortalMissing, UnavailableError.EncryptionKeyMissing,
        ],
    };

    public static readonly OperationExamples ExpireAll = new()
    {
        Requests =
        {
            ["All of them in a minute"] = new ExpireAllRequest(60),
            ["Those of one session, at once"] = new ExpireAllRequest(Expiry: null, [SessionId]),
        },
        Refusals =
        [
            AppTokenErrors.UnknownApplication, NoSessionIds, ApplicationKeyReader.BadId, AppTokenErrors.KeyUsedDifferently,
            UnavailableError.EncryptionKeyMissing,
        ],
    };

    public static readonly OperationExamples LogOut = new()
    {
        Refusals = [AppTokenErrors.UnknownToken, AppTokenErrors.OnlyAppTokens, IdempotencyKeyReader.BadKey, UnavailableError.EncryptionKeyMissing],
    };

    public static readonly OperationExamples Create = new()
    {
        Requests =
        {
            ["All that can be said"] = Wanted,
            ["No more than is needed"] = new ApplicationRequest("ACME orders", Uid: null, Metadata: null, ThrottleRate: null),
        },
        Answers = { ["The application"] = Application },
        Refusals = [AppTokenErrors.UidInUse, NoName, AppTokenErrors.KeyUsedDifferently, UnavailableError.EncryptionKeyMissing],
    };

    public static readonly OperationExamples List = new()
    {
        Answers = { ["The only page"] = new ApplicationListResponse([Application], Done: true, $"{OnlyOne}", $"{OnlyOne with { Backwards = true }}") },
        Refusals = [ApplicationPagingReader.BadLimit],
    };

    public static readonly OperationExamples Get = new()
    {
        Answers = { ["The application"] = Application },
        Refusals = [AppTokenErrors.UnknownApplication, ApplicationKeyReader.BadId],
    };

    public static readonly OperationExamples Replace = new()
    {
        Requests = { ["Another name and no limit"] = Wanted with { Name = OtherName, ThrottleRate = null } },
        Answers = { ["The application"] = Application with { Name = OtherName, RateLimit = null, ThrottleRate = null } },
        Refusals = [AppTokenErrors.UnknownApplication, AppTokenErrors.UidInUse, AppTokenErrors.UidIsNotThePath, NoName, ApplicationKeyReader.BadId],
    };

    public static readonly OperationExamples Change = new()
    {
        Requests = { ["Another name"] = new ApplicationPatchRequest(OtherName, Uid: null, Metadata: null, ThrottleRate: null) },
        Answers = { ["The application"] = Application with { Name = OtherName } },
        Refusals = [AppTokenErrors.UnknownApplication, AppTokenErrors.UidInUse, TwoRates, ApplicationKeyReader.BadId],
    };

    public static readonly OperationExamples Delete = new() { Refusals = [AppTokenErrors.UnknownApplication, ApplicationKeyReader.BadId] };
}
