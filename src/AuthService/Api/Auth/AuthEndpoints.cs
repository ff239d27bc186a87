using AuthService.Api.Http;
using AuthService.Api.Http.Browser;
using AuthService.Api.Http.Callers;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Api.Http.Limits;
using AuthService.Api.Http.OpenApi;
using AuthService.Delegation;
using AuthService.Refusals;
using AuthService.Sessions;
using AuthService.Sessions.Lists;
using AuthService.Sessions.Refresh;
using AuthService.Sessions.Revoking;
using AuthService.SignIn;
using AuthService.SignIn.Recovery;
using AuthService.Tokens;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AuthService.Api.Auth;

/// <summary>The routes of the Auth API (src/AuthService/README.md#auth-api).</summary>
internal static class AuthEndpoints
{
    public static void Map(RouteGroupBuilder auth)
    {
        auth.MapPost("/login", PasswordLogin).WithName("passwordLogin").WithExamples(AuthExamples.Login).WithReceipt()
            .WithSummary("passwordLogin: signs a person in with name and password")
            .WithMetadata(ChecksPasswords.Metadata);
        auth.MapPost("/refresh", Refresh).WithName("refresh").WithExamples(AuthExamples.Refresh)
            .WithSummary("refresh: issues an access token for a refresh token sent as bearer").WithMetadata(TakesOtherBearer.RefreshToken);
        auth.MapPost("/refresh/web", WebRefresh).WithName("webRefresh").WithExamples(AuthExamples.WebRefresh)
            .WithSummary("webRefresh: issues an access token for the refresh cookie");
        auth.MapPost("/logout", Logout).WithName("logout").WithExamples(AuthExamples.Logout).WithReceipt()
            .WithSummary("logout: revokes the session of a refresh token sent as bearer").WithMetadata(TakesOtherBearer.RefreshToken);
        auth.MapPost(PublicNames.WebLogout, WebLogout).WithName("webLogout").WithExamples(AuthExamples.WebLogout).WithReceipt()
            .WithSummary("webLogout: revokes the session of the refresh cookie and clears it");

        SecondFactorEndpoints.Map(auth);
        PasskeySignInEndpoints.Map(auth);
        IdentityProviderEndpoints.Map(auth);
        ProviderLogoutEndpoints.Map(auth);

        var bearers = auth.MapGroup("").RequireAuthorization(Policies.AnyToken);
        bearers.MapPost("/request", RequestOneTimeToken).WithName("requestOneTimeTokenWithAudience").WithExamples(AuthExamples.RequestOneTimeToken)
            .WithSummary("requestOneTimeTokenWithAudience: issues a token that is good for one use");

        var services = auth.MapGroup("").RequireAuthorization(Policies.Services);
        services.MapPost("/claim", Claim).WithName("claim").WithExamples(AuthExamples.Claim).WithSummary("claim: uses up a one-time token");
        services.MapPost("/extend", Extend).WithName("tokenExtension").WithExamples(AuthExamples.Extend)
            .WithSummary("tokenExtension: narrows somebody's access token for the caller's own use");
        services.MapPost("/logout/bulk", BulkInvalidate).WithName("bulkInvalidate").WithExamples(AuthExamples.BulkInvalidate).WithReceipt()
            .WithSummary("bulkInvalidate: revokes the sessions of many refresh tokens")
            .WithMetadata(new RequestSizeLimitAttribute(BodyLimit.BulkBytes));

        auth.MapPost("/users/password", ChangePassword).WithName("changeUserPassword").WithExamples(PasswordChangeExamples.Change).WithReceipt()
            .WithSummary("changeUserPassword: as PUT /account/password, where UCloud's web client expects it")
            .WithMetadata(ChecksPasswords.Metadata)
            .RequireAuthorization(Policies.Users)
            .RequireFreshSignIn(onlyWithSecondFactor: true);

        var users = auth.MapGroup("/sessions").RequireAuthorization(Policies.Users);
        users.MapGet("", ListUserSessions).WithName("listUserSessions").WithExamples(AuthExamples.ListUserSessions)
            .WithSummary("listUserSessions: lists the caller's own sessions, the newest first");
        users.MapDelete("", InvalidateSessions).WithName("invalidateSessions").WithExamples(AuthExamples.InvalidateSessions).WithReceipt()
            .WithSummary("invalidateSessions: revokes all of the caller's own sessions; delegated ones stay");
    }

    private static async Task<Results<Ok<LoginResponse>, ReturnPage, BadRequestError, SignInError>> PasswordLogin(
        BoundInput<Login, LoginReader> login, SignInService signIn, SignInAnswer answer, HttpContext context)
    {
        var outcome = await signIn.SignInAsync(login.Value.Attempt);
        if (answer.TryComplete(outcome, context) is not { } response)
            return AuthErrors.ToError(outcome);
        return login.Value.WantsPage ? new ReturnPage(login.Value.Attempt.Site.Service.Endpoint, response) : TypedResults.Ok(response);
    }

    private static async Task<Results<Ok<RefreshResponse>, UnauthenticatedError>> Refresh(
        BoundInput<RefreshToken, BearerRefreshTokenReader> bearer, RefreshService refreshing) =>
        await refreshing.RefreshAsync(bearer.Value, SessionMode.Application) switch
        {
            RefreshOutcome.Refreshed(var token) => TypedResults.Ok(new RefreshResponse(token.Text)),
            var refused => AuthErrors.ToError(refused),
        };

    /// <summary>Refreshes by the cookie. It never clears the cookie: a late request of one browser tab must not sign out the others.</summary>
    private static async Task<Results<Ok<WebRefreshResponse>, BadRequestError, UnauthenticatedError, ForbiddenError>> WebRefresh(
        BoundInput<WebCredentials, WebCredentialsReader> web, RefreshService refreshing, RefusalNotes refusals)
    {
        if (web.Value.Token is not { } refreshToken)
        {
            refusals.Add(RefusalReason.UnknownToken);
            return AuthErrors.InvalidRefreshToken;
        }

        return await refreshing.RefreshAsync(refreshToken, SessionMode.Web) switch
        {
            RefreshOutcome.Refreshed(var token) => TypedResults.Ok(new WebRefreshResponse(token.Text, CsrfToken.For(refreshToken))),
            var refused => AuthErrors.ToError(refused),
        };
    }

    private static async Task<Results<NoContent, UnauthenticatedError>> Logout(
        BoundInput<RefreshToken, BearerRefreshTokenReader> bearer, SessionRevocation revocation, ClientInfo client) =>
        await revocation.SignOutAsync(bearer.Value.Hash(), client.AuditActor) switch
        {
            { IsDone: true } => TypedResults.NoContent(),
            { Ended: { } reason } => AuthErrors.Ended(reason),
            _ => AuthErrors.InvalidRefreshToken,
        };

    /// <summary>Signs the browser out. It succeeds even when the session ended long ago.</summary>
    private static async Task<Results<NoContent, BadRequestError, UnauthenticatedError, ForbiddenError>> WebLogout(
        BoundInput<WebCredentials, WebCredentialsReader> web, SessionRevocation revocation, RefreshCookie cookie, ClientInfo client, HttpContext context)
    {
        if (web.Value.Token is { } token)
            await revocation.SignOutAsync(token.Hash(), client.AuditActor);
        cookie.Clear(context);
        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, BadRequestError>> BulkInvalidate(
        BoundInput<RefreshToken[], TokenListReader> tokens, SessionRevocation revocation, Caller caller)
    {
        await revocation.RevokeAsync([.. tokens.Value.Select(token => token.Hash())], caller.OthersRevocation, caller.AuditActor);
        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, BadRequestError, ConflictError>> Claim(
        BoundInput<string, ClaimReader> jti, OneTimeTokenService tokens, Caller caller) =>
        await tokens.TryClaimAsync(jti.Value, caller.AuditActor) ? TypedResults.NoContent() : AuthErrors.AlreadyClaimed;

    private static async Task<Results<Ok<OneTimeTokenResponse>, BadRequestError, UnauthenticatedError, ForbiddenError>> RequestOneTimeToken(
        BoundInput<ScopeSet, AudienceReader> audience, OneTimeTokenService tokens, Caller caller) =>
        await tokens.IssueAsync(caller.AccessToken, audience.Value, caller.AuditActor) switch
        {
            OneTimeTokenOutcome.Issued(var accessToken, var jti) => TypedResults.Ok(new OneTimeTokenResponse(accessToken, jti)),
            OneTimeTokenOutcome.Refused(RefusalReason.TokenTooLong) => AuthErrors.TooManyScopes,
            OneTimeTokenOutcome.Refused(RefusalReason.SessionChanged or RefusalReason.ExtenderRevoked) => AuthErrors.SessionEnded,
            _ => AuthErrors.ScopeNotAllowed,
        };

    private static async Task<Results<Ok<ExtensionResponse>, BadRequestError, UnauthenticatedError, ForbiddenError>> Extend(
        BoundInput<ExtensionRequest, ExtensionReader> request, ExtensionService extensions, Caller caller) =>
        await extensions.ExtendAsync(request.Value, caller.Principal, caller.AuditActor) switch
        {
            ExtensionOutcome.Extended(var accessToken) => TypedResults.Ok(new ExtensionResponse(accessToken)),
            ExtensionOutcome.ExtendedWithSession(var started) => TypedResults.Ok(
                new ExtensionResponse(started.AccessToken, CsrfToken.For(started.RefreshToken), started.RefreshToken.Reveal())),
            ExtensionOutcome.InvalidToken => AuthErrors.InvalidJwt,
            ExtensionOutcome.TooLong => AuthErrors.TooManyScopes,
            _ => AuthErrors.ScopeNotAllowed,
        };

    private static async Task<Results<Ok, PasswordChangeError>> ChangePassword(
        BoundInput<PasswordChange, PasswordChangeReader> given, OwnPassword password, Caller caller, HttpContext context) =>
        await password.TryChangeAsync(given.Value, caller, context) is { } refusal ? refusal : TypedResults.Ok();

    private static async Task<Results<Ok<SessionPageResponse>, BadRequestError>> ListUserSessions(
        BoundInput<Paging, PagingReader> paging, SessionLists lists, Caller caller, TimeProvider clock)
    {
        var (itemsPerPage, number) = paging.Value;
        var page = await lists.ListOwnAsync(caller.Principal, clock.GetUtcNow(), itemsPerPage, number);
        var items = page.Items.Select(session => SessionItem.Of(session, caller.SessionId));
        return TypedResults.Ok(new SessionPageResponse(page.ItemsInTotal, itemsPerPage, number, [.. items]));
    }

    private static async Task<Results<NoContent, BadRequestError>> InvalidateSessions(
        BoundInput<Unfiltered, UnfilteredReader> _, AccountRevocation revocation, Caller caller, RefreshCookie cookie, HttpContext context)
    {
        await revocation.RevokeOwnAsync(caller.Principal, caller.OwnRevocation, caller.AuditActor);
        cookie.Clear(context);
        return TypedResults.NoContent();
    }
}
