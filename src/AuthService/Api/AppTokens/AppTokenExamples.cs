using AuthService.Api.Http;

namespace AuthService.Api.AppTokens;

/// <summary>What the document of the App tokens API shows.</summary>
internal static class AppTokenExamples
{
    private const string Uid = "acme-orders";
    private const string Token = "appsk_7Qm2…";
    private static readonly Dictionary<string, string> Metadata = new(StringComparer.Ordinal) { ["plan"] = "gold" };
    private static readonly ApplicationRequest Wanted = new("ACME orders", Uid, Metadata, RateLimit: 100);
    private static readonly PortalAccessResponse Link = new($"https://portal.example.com/#key={Token}", Token);

    private static readonly ApplicationResponse Application = new(
        "app_0199b2e47c317d5a9f0e3b6a51c8d204", Uid, Wanted.Name, Metadata, Wanted.RateLimit, ExampleValues.Moment, ExampleValues.Moment);

    private static readonly ApiError NoName = ApiError.Unprocessable(new InputFault(["body", "name"], "name is missing", FaultTypes.Missing));

    public static readonly IReadOnlyList<OperationExamples> All =
    [
        new("POST /api/v1/auth/dashboard-access/{app_id}")
        {
            Answers = { ["A magic link and its token"] = Link },
            Refusals = [AppTokenErrors.UnknownApplication, ApplicationPath.BadId, IdempotencyKey.BadKey, AppTokenErrors.PortalMissing, AppTokenErrors.KeysMissing],
        },
        new("POST /api/v1/auth/app-portal-access/{app_id}")
        {
            Requests =
            {
                ["For a day"] = new PortalAccessRequest(["logs"], Expiry: 86_400, Application: null),
                ["For an application that there may not be yet"] = new PortalAccessRequest(FeatureFlags: null, Expiry: null, Wanted),
            },
            Answers = { ["A magic link and its token"] = Link },
            Refusals =
            [
                AppTokenErrors.UnknownApplication, AppTokenErrors.UidDiffers, NoName, ApplicationPath.BadId, AppTokenErrors.KeyUsedDifferently,
                AppTokenErrors.PortalMissing, AppTokenErrors.KeysMissing,
            ],
        },
        new("POST /api/v1/auth/app/{app_id}/expire-all")
        {
            Requests = { ["In a minute"] = new ExpireAllRequest(60) },
            Refusals = [AppTokenErrors.UnknownApplication, ApplicationPath.BadId, AppTokenErrors.KeyUsedDifferently, AppTokenErrors.KeysMissing],
        },
        new("POST /api/v1/auth/logout")
        {
            Refusals = [AppTokenErrors.TokenIsDead, AppTokenErrors.OnlyAppTokens, IdempotencyKey.BadKey, AppTokenErrors.KeysMissing],
        },
        new("POST /api/v1/app")
        {
            Requests = { ["All that can be said"] = Wanted, ["No more than is needed"] = new ApplicationRequest("ACME orders", Uid: null, Metadata: null, RateLimit: null) },
            Answers = { ["The application"] = Application },
            Refusals = [AppTokenErrors.UidInUse, NoName, AppTokenErrors.KeyUsedDifferently, AppTokenErrors.KeysMissing],
        },
        new("GET /api/v1/app")
        {
            Answers = { ["The only page"] = new ApplicationListResponse([Application], Done: true, Iterator: null, PrevIterator: null) },
            Refusals = [ApplicationPaging.BadLimit],
        },
        new("GET /api/v1/app/{app_id}")
        {
            Answers = { ["The application"] = Application },
            Refusals = [AppTokenErrors.UnknownApplication, ApplicationPath.BadId],
        },
        new("PUT /api/v1/app/{app_id}")
        {
            Requests = { ["Another name and no limit"] = Wanted with { Name = "ACME orders and returns", RateLimit = null } },
            Answers = { ["The application"] = Application with { Name = "ACME orders and returns", RateLimit = null } },
            Refusals = [AppTokenErrors.UnknownApplication, AppTokenErrors.UidInUse, NoName, ApplicationPath.BadId],
        },
        new("DELETE /api/v1/app/{app_id}") { Refusals = [AppTokenErrors.UnknownApplication, ApplicationPath.BadId] },
    ];
}
