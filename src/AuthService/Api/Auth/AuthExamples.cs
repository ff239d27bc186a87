using AuthService.Api.Http.Browser;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Api.Http.OpenApi;
using AuthService.Sessions.Revoking;
using static AuthService.Api.Http.OpenApi.ExampleValues;

namespace AuthService.Api.Auth;

/// <summary>The examples in the OpenAPI document of the Auth API.</summary>
internal static class AuthExamples
{
    private static readonly TimeSpan FirstLock = TimeSpan.FromSeconds(5);
    private static readonly ApiError[] OfWebCredentials =
    [
        OriginFaults.NoOrigin, WebCredentialsReader.NoCookie, WebCredentialsReader.NoCsrfToken, OriginFaults.UntrustedOrigin,
        ApiError.FromStatus(StatusCodes.Status401Unauthorized),
    ];

    public static readonly OperationExamples Login = new()
    {
        Requests = { ["A person signs in"] = new LoginRequest(PersonId, Password, "web", PublicComputer: false) },
        Answers =
        {
            ["A Web service: the refresh token is in the cookie"] = new LoginResponse(AccessToken, CsrfToken, RefreshToken: null),
            ["An Application service: there is no cookie"] = new LoginResponse(AccessToken, CsrfToken, RefreshToken),
            ["The person has a second factor"] = new LoginResponse { Challenge = "2fa_h4Wd0…" },
            ["A plain form: the page sends the browser on"] = ReturnPage.Page("https://app.example.com/").ToString(),
        },
        Refusals =
        [
            ApiError.Missing(LoginReader.Username), LoginReader.UnknownService, AuthErrors.WrongCredentials, OriginFaults.UntrustedOrigin,
            AuthErrors.PasswordResetRequested(Tokens.PasswordResetToken.Example), AuthErrors.Locked(FirstLock), UnavailableError.TooManyPasswords,
        ],
    };

    public static readonly OperationExamples Refresh = new()
    {
        Answers = { ["Refreshed"] = new RefreshResponse(AccessToken) },
        Refusals = [AuthErrors.InvalidRefreshToken, AuthErrors.Ended(EndReason.RevokedByService), ApiError.FromStatus(StatusCodes.Status401Unauthorized)],
    };

    public static readonly OperationExamples WebRefresh = new()
    {
        Answers = { ["Refreshed"] = new WebRefreshResponse(AccessToken, CsrfToken) },
        Refusals = [AuthErrors.InvalidRefreshToken, AuthErrors.Ended(EndReason.PasswordChanged), .. OfWebCredentials],
    };

    public static readonly OperationExamples Logout = new()
    {
        Refusals = [AuthErrors.InvalidRefreshToken, AuthErrors.Ended(EndReason.RevokedByAdministrator), ApiError.FromStatus(StatusCodes.Status401Unauthorized)],
    };

    public static readonly OperationExamples WebLogout = new() { Refusals = OfWebCredentials };

    public static readonly OperationExamples BulkInvalidate = new()
    {
        Requests = { ["Two sessions"] = new BulkInvalidateRequest([RefreshToken, "rt_Lm4Yw…"]) },
        Refusals = [TokenListReader.NoList],
    };

    public static readonly OperationExamples Claim = new()
    {
        Requests = { ["A one-time token's jti"] = new ClaimRequest(Jti) },
        Refusals = [ClaimReader.BadJti, AuthErrors.AlreadyClaimed],
    };

    public static readonly OperationExamples RequestOneTimeToken = new()
    {
        Requests = { ["Two scopes"] = new AudienceRequest("files.upload:write,jobs:read") },
        Answers = { ["Valid for 30 seconds"] = new OneTimeTokenResponse(AccessToken, Jti) },
        Refusals = [AudienceReader.BadAudience, AuthErrors.TooManyScopes, AuthErrors.ScopeNotAllowed],
    };

    public static readonly OperationExamples Extend = new()
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
        Refusals =
        [
            ExtensionReader.NoToken, ExtensionReader.BadScopes, ExtensionReader.BadLifetime,
            AuthErrors.TooManyScopes, AuthErrors.InvalidJwt, AuthErrors.ScopeNotAllowed,
        ],
    };

    public static readonly OperationExamples ListUserSessions = new()
    {
        Answers =
        {
            ["The first page"] = new SessionPageResponse(ItemsInTotal: 1, ItemsPerPage: 50, PageNumber: 0,
            [
                new SessionItem(
                    SessionId, IpAddress, UserAgent, Moment.ToUnixTimeMilliseconds(), Moment.AddHours(2).ToUnixTimeMilliseconds(), Current: true),
            ]),
        },
        Refusals = [PagingReader.BadPage],
    };

    public static readonly OperationExamples InvalidateSessions = new() { Refusals = [UnfilteredReader.Bad] };

    private const string Jti = "0b6f2d1c4e8a4f7795d3a1c2e4f60718";
}
