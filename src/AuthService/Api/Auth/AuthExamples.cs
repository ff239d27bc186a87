using AuthService.Api.Http;
using static AuthService.Api.Http.ExampleValues;

namespace AuthService.Api.Auth;

/// <summary>What the document of the Auth API shows.</summary>
internal static class AuthExamples
{
    private static readonly TimeSpan FirstLock = TimeSpan.FromSeconds(5);
    private static readonly ApiError[] OfWebCredentials =
    [
        WebCredentials.NoOrigin, WebCredentials.NoCookie, WebCredentials.NoCsrfToken, WebCredentials.UntrustedOrigin,
        ApiError.FromStatus(StatusCodes.Status401Unauthorized),
    ];

    public static readonly IReadOnlyList<OperationExamples> All =
    [
        new("POST /auth/login")
        {
            Requests = { ["A person signs in"] = new LoginRequest(PersonId, Password, "web", PublicComputer: false) },
            Answers =
            {
                ["A Web service: the refresh token is in the cookie"] = new LoginResponse(AccessToken, CsrfToken, RefreshToken: null),
                ["An Application service: there is no cookie"] = new LoginResponse(AccessToken, CsrfToken, RefreshToken),
                ["A plain form: the page sends the browser on"] = ReturnPage.Html("https://app.example.com/"),
            },
            Refusals = [LoginInput.Missing("username"), LoginInput.UnknownService, AuthErrors.WrongCredentials, WebCredentials.UntrustedOrigin, AuthErrors.Locked(FirstLock)],
        },
        new("POST /auth/refresh")
        {
            Answers = { ["Refreshed"] = new RefreshResponse(AccessToken) },
            Refusals = [AuthErrors.InvalidRefreshToken, ApiError.FromStatus(StatusCodes.Status401Unauthorized)],
        },
        new("POST /auth/refresh/web")
        {
            Answers = { ["Refreshed"] = new WebRefreshResponse(AccessToken, CsrfToken) },
            Refusals = [AuthErrors.InvalidRefreshToken, .. OfWebCredentials],
        },
        new("POST /auth/logout") { Refusals = [AuthErrors.InvalidRefreshToken, ApiError.FromStatus(StatusCodes.Status401Unauthorized)] },
        new("POST /auth/logout/web") { Refusals = OfWebCredentials },
        new("POST /auth/logout/bulk")
        {
            Requests = { ["Two sessions"] = new BulkInvalidateRequest([RefreshToken, "rt_Lm4Yw…"]) },
            Refusals = [AuthErrors.NoTokenList],
        },
        new("POST /auth/claim")
        {
            Requests = { ["A one-time token's jti"] = new ClaimRequest(Jti) },
            Refusals = [ClaimInput.BadJti, AuthErrors.AlreadyClaimed],
        },
        new("POST /auth/request")
        {
            Requests = { ["Two scopes"] = new AudienceRequest("files.upload:write,jobs:read") },
            Answers = { ["Valid for 30 seconds"] = new OneTimeTokenResponse(AccessToken, Jti) },
            Refusals = [AudienceInput.BadAudience, AuthErrors.TooManyScopes, AuthErrors.ScopeNotAllowed],
        },
        new("POST /auth/extend")
        {
            Requests =
            {
                ["For ten minutes"] = new ExtensionRequestBody(AccessToken, ["files.upload:write"], ExpiresIn: 600_000, AllowRefreshes: false),
                ["With a session of its own, for a long job"] = new ExtensionRequestBody(AccessToken, ["jobs:read"], ExpiresIn: 600_000, AllowRefreshes: true),
            },
            Answers =
            {
                ["Without refreshes"] = new ExtensionResponse(AccessToken),
                ["With refreshes"] = new ExtensionResponse(AccessToken, CsrfToken, RefreshToken),
            },
            Refusals = [ExtensionInput.NoToken, ExtensionInput.BadScopes, ExtensionInput.BadLifetime, AuthErrors.TooManyScopes, AuthErrors.InvalidJwt, AuthErrors.ScopeNotAllowed],
        },
        new("GET /auth/sessions")
        {
            Answers =
            {
                ["The first page"] = new SessionPageResponse(ItemsInTotal: 1, ItemsPerPage: 50, PageNumber: 0,
                    [new SessionItem(SessionId, IpAddress, UserAgent, Moment.ToUnixTimeMilliseconds(), Moment.AddHours(2).ToUnixTimeMilliseconds(), Current: true)]),
            },
            Refusals = [Paging.BadPage],
        },
        new("DELETE /auth/sessions"),
    ];

    private const string Jti = "0b6f2d1c4e8a4f7795d3a1c2e4f60718";
}
