using System.Security.Claims;
using System.Text.Encodings.Web;
using AuthService.Sessions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace AuthService.Api.Http;

/// <summary>Access tokens as bearer credentials (RFC 6750), checked against signature and store. One-time tokens are none.</summary>
internal sealed class BearerHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, AccessTokenVerifier verifier, ErrorWriter errors)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Bearer";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        // Public routes carry refresh tokens in the same header, and the hot ones among them should not pay for this.
        if (Context.GetEndpoint()?.Metadata.GetMetadata<IAuthorizeData>() is null || BearerToken.Find(Request) is not { } text)
            return AuthenticateResult.NoResult();
        if (await verifier.VerifyAsync(text) is not { Token.Jti: null } verified)
            return AuthenticateResult.Fail("The access token does not hold");
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new Caller(verified, ClientInfo.From(Context))), SchemeName));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) =>
        errors.WriteAsync(Context, ApiError.FromStatus(StatusCodes.Status401Unauthorized));

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        errors.WriteAsync(Context, ApiError.FromStatus(StatusCodes.Status403Forbidden));
}
