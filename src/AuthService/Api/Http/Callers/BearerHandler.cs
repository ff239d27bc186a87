using System.Security.Claims;
using System.Text.Encodings.Web;
using AuthService.Api.Http.Errors;
using AuthService.Refusals;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace AuthService.Api.Http.Callers;

/// <summary>Authenticates Bearer credentials (RFC 6750), and clients where an endpoint allows that. Each call is checked against the store.</summary>
internal sealed class BearerHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, BearerCredentials credentials, ErrorWriter errors)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Bearer";

    private ApiError _refusal = ApiError.FromStatus(StatusCodes.Status401Unauthorized);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        // Public routes receive refresh tokens in the same header. Those with many calls should not pay for a check that they do not need.
        if (Context.GetEndpoint()?.Metadata is not { } metadata || metadata.GetMetadata<IAuthorizeData>() is null)
            return AuthenticateResult.NoResult();
        if (metadata.GetMetadata<TakesClientAuthentication>() is not null && await AuthenticateClientAsync() is { } client)
            return client;
        if (BearerToken.Find(Request) is not { } text)
        {
            _refusal = _refusal with { Note = new RefusalNote(RefusalReason.NoCredential) };
            return AuthenticateResult.NoResult();
        }

        return await credentials.VerifyAsync(text, ClientInfo.From(Context)) is { } caller
            ? Success(caller)
            : AuthenticateResult.Fail("The credential does not hold");
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) => errors.WriteAsync(Context, _refusal);

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        errors.WriteAsync(Context, Context.User.Identity is Caller { OwesSecondFactor: true } person
            ? FreshSignIn.SecondFactorRequired with { Note = NoteOf(RefusalReason.SecondFactorOwed, person) }
            : ApiError.FromStatus(StatusCodes.Status403Forbidden) with { Note = NoteOf(RefusalReason.RoleNotAllowed, Context.User.Identity as Caller) });

    private static RefusalNote NoteOf(RefusalReason reason, Caller? caller) => caller is null ? new RefusalNote(reason) : new RefusalNote(reason)
    {
        Principal = caller.Name,
        SessionId = caller.SessionId,
        Facts = [RefusalFact.Of("role", caller.Principal.Role), RefusalFact.Of("scopes", caller.Scopes)],
    };

    private static AuthenticateResult Success(ClaimsIdentity caller) =>
        AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(caller), SchemeName));

    /// <returns>Null when the caller did not use client authentication.</returns>
    private async Task<AuthenticateResult?> AuthenticateClientAsync()
    {
        switch (await ClientAuthentication.ReadAsync(Context))
        {
            case ClientAuthentication.Authenticated(var (key, service)):
                return Success(new Caller(service, token: null, ClientInfo.From(Context)) { ApiKeyId = key.Id });
            case ClientAuthentication.Refused(var error):
                _refusal = error;
                return AuthenticateResult.Fail(error.Message);
            default:
                if (BearerToken.Find(Request) is null)
                    _refusal = _refusal with { Challenge = $"{_refusal.Challenge}, {ClientAuthentication.BasicChallenge}" };
                return null;
        }
    }
}
