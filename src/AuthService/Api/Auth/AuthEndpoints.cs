using AuthService.Api.Http;
using AuthService.Delegation;
using AuthService.Sessions;
using AuthService.SignIn;
using AuthService.Tokens;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AuthService.Api.Auth;

/// <summary>The Auth API (SPEC 3).</summary>
internal static class AuthEndpoints
{
    public static void Map(RouteGroupBuilder auth)
    {
        auth.MapPost("/login", PasswordLogin).WithSummary("passwordLogin: signs a person in with name and password")
            .WithMetadata(JudgesPasswords.Metadata);
        auth.MapPost("/refresh", Refresh).WithSummary("refresh: a new access token for a refresh token sent as bearer");
        auth.MapPost("/refresh/web", WebRefresh).WithSummary("webRefresh: a new access token for the refresh cookie");
        auth.MapPost("/logout", Logout).WithSummary("logout: ends the session of a refresh token sent as bearer");
        auth.MapPost("/logout/web", WebLogout).WithSummary("webLogout: ends the session of the refresh cookie and clears it");

        var bearers = auth.MapGroup("").RequireAuthorization(Policies.AnyToken);
        bearers.MapPost("/request", RequestOneTimeToken).WithSummary("requestOneTimeTokenWithAudience: a token that is good for one use");

        var services = auth.MapGroup("").RequireAuthorization(Policies.Services);
        services.MapPost("/claim", Claim).WithSummary("claim: uses a one-time token up");
        services.MapPost("/extend", Extend).WithSummary("tokenExtension: narrows somebody's access token for the caller's own use");
        services.MapPost("/logout/bulk", BulkInvalidate).WithSummary("bulkInvalidate: ends the sessions of many refresh tokens")
            .WithMetadata(new RequestSizeLimitAttribute(BodyLimit.BulkBytes));

        var users = auth.MapGroup("/sessions").RequireAuthorization(Policies.Users);
        users.MapGet("", ListUserSessions).WithSummary("listUserSessions: the caller's own sessions, newest first");
        users.MapDelete("", InvalidateSessions).WithSummary("invalidateSessions: ends all of the caller's own sessions; delegated ones stay");
    }

    private static async Task<Results<Ok<LoginResponse>, ReturnPage, BadRequestError, UnauthenticatedError, ForbiddenError, TooManyRequestsError>> PasswordLogin(
        LoginInput input, SignInService signIn, RefreshCookie cookie, HttpContext context)
    {
        switch (await signIn.SignInAsync(input.Attempt))
        {
            case SignInOutcome.SignedIn(var started) when started.Session.Mode is SessionMode.Web:
                cookie.Set(context, started);
                var answer = new LoginResponse(started.AccessToken, CsrfToken.For(started.RefreshToken), RefreshToken: null);
                return input.WantsPage ? new ReturnPage(input.Attempt.Service.Endpoint, answer) : TypedResults.Ok(answer);
            case SignInOutcome.SignedIn(var started):
                return TypedResults.Ok(new LoginResponse(started.AccessToken, CsrfToken.For(started.RefreshToken), started.RefreshToken.Reveal()));
            case SignInOutcome.Locked(var retryAfter):
                return AuthErrors.Locked(retryAfter);
            default:
                return AuthErrors.WrongCredentials;
        }
    }

    private static async Task<Results<Ok<RefreshResponse>, UnauthenticatedError>> Refresh(BearerRefreshToken bearer, RefreshService refreshing) =>
        await refreshing.RefreshAsync(bearer.Token, SessionMode.Application) is RefreshOutcome.Refreshed(var accessToken)
            ? TypedResults.Ok(new RefreshResponse(accessToken))
            : AuthErrors.InvalidRefreshToken;

    /// <summary>Never clears the cookie: a late tab must not sign the others out.</summary>
    private static async Task<Results<Ok<WebRefreshResponse>, BadRequestError, UnauthenticatedError, ForbiddenError>> WebRefresh(
        WebCredentials web, RefreshService refreshing) =>
        web.Token is { } token && await refreshing.RefreshAsync(token, SessionMode.Web) is RefreshOutcome.Refreshed(var accessToken)
            ? TypedResults.Ok(new WebRefreshResponse(accessToken, CsrfToken.For(token)))
            : AuthErrors.InvalidRefreshToken;

    private static async Task<Results<NoContent, UnauthenticatedError>> Logout(BearerRefreshToken bearer, SessionEndings endings, ClientInfo client) =>
        await endings.TryEndAsync(bearer.Token.Hash(), client.Deed) ? TypedResults.NoContent() : AuthErrors.InvalidRefreshToken;

    /// <summary>Signing out always ends signed out, also when the session is long gone.</summary>
    private static async Task<Results<NoContent, BadRequestError, UnauthenticatedError, ForbiddenError>> WebLogout(
        WebCredentials web, SessionEndings endings, RefreshCookie cookie, ClientInfo client, HttpContext context)
    {
        if (web.Token is { } token)
            await endings.TryEndAsync(token.Hash(), client.Deed);
        cookie.Clear(context);
        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, BadRequestError>> BulkInvalidate(JsonBody<BulkInvalidateRequest> body, SessionEndings endings, Caller caller)
    {
        if (body.Value.Tokens is not { Length: <= AuthErrors.MostTokensAtOnce } texts)
            return AuthErrors.NoTokenList;
        await endings.EndAsync([.. texts.Select(RefreshToken.TryParse).OfType<RefreshToken>().Select(token => token.Hash())], caller.Deed);
        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, BadRequestError, ConflictError>> Claim(ClaimInput input, OneTimeTokenService tokens, Caller caller) =>
        await tokens.TryClaimAsync(input.Jti, caller.Deed) ? TypedResults.NoContent() : AuthErrors.AlreadyClaimed;

    private static async Task<Results<Ok<OneTimeTokenResponse>, BadRequestError, ForbiddenError>> RequestOneTimeToken(
        AudienceInput input, OneTimeTokenService tokens, Caller caller) =>
        await tokens.IssueAsync(caller.AccessToken, input.Audience, caller.Deed) switch
        {
            OneTimeTokenOutcome.Issued(var accessToken, var jti) => TypedResults.Ok(new OneTimeTokenResponse(accessToken, jti)),
            OneTimeTokenOutcome.TooLong => AuthErrors.TooManyScopes,
            _ => AuthErrors.ScopeNotAllowed,
        };

    private static async Task<Results<Ok<ExtensionResponse>, BadRequestError, UnauthenticatedError, ForbiddenError>> Extend(
        ExtensionInput input, ExtensionService extensions, Caller caller) => await extensions.ExtendAsync(input.Request, caller.Principal, caller.Deed) switch
        {
            ExtensionOutcome.Extended(var accessToken) => TypedResults.Ok(new ExtensionResponse(accessToken)),
            ExtensionOutcome.ExtendedWithSession(var started) => TypedResults.Ok(
                new ExtensionResponse(started.AccessToken, CsrfToken.For(started.RefreshToken), started.RefreshToken.Reveal())),
            ExtensionOutcome.InvalidToken => AuthErrors.InvalidJwt,
            ExtensionOutcome.TooLong => AuthErrors.TooManyScopes,
            _ => AuthErrors.ScopeNotAllowed,
        };

    private static async Task<Results<Ok<SessionPageResponse>, BadRequestError>> ListUserSessions(
        Paging paging, SessionLists lists, Caller caller, TimeProvider clock)
    {
        var page = await lists.ListOwnAsync(caller.Principal, clock.GetUtcNow(), paging.ItemsPerPage, paging.Page);
        return TypedResults.Ok(new SessionPageResponse(
            page.ItemsInTotal, paging.ItemsPerPage, paging.Page, [.. page.Items.Select(session => Describe(session, caller))]));
    }

    private static async Task<NoContent> InvalidateSessions(SessionEndings endings, Caller caller, RefreshCookie cookie, HttpContext context)
    {
        await endings.EndOwnAsync(caller.Principal, caller.Deed);
        cookie.Clear(context);
        return TypedResults.NoContent();
    }

    private static SessionItem Describe(ListedSession session, Caller caller) => new(
        session.Id,
        session.IpAddress ?? "Unknown location",
        session.UserAgent ?? "Unknown device",
        session.CreatedAt.ToUnixTimeMilliseconds(),
        session.LastUsedAt.ToUnixTimeMilliseconds(),
        Current: session.Id == caller.SessionId);
}
