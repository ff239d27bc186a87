using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace AuthService.Api.Http;

/// <summary>Bearer credentials (RFC 6750), checked against the store at each call.</summary>
internal sealed class BearerHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, BearerCredentials credentials, ErrorWriter errors)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Bearer";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        // Public routes carry refresh tokens in the same header, and the hot ones among them should not pay for this.
        if (Context.GetEndpoint()?.Metadata.GetMetadata<IAuthorizeData>() is null || BearerToken.Find(Request) is not { } text)
            return AuthenticateResult.NoResult();
        return await credentials.VerifyAsync(text, ClientInfo.From(Context)) is { } caller
            ? AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(caller), SchemeName))
            : AuthenticateResult.Fail("The credential does not hold");
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) =>
        errors.WriteAsync(Context, ApiError.FromStatus(StatusCodes.Status401Unauthorized));

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        errors.WriteAsync(Context, ApiError.FromStatus(StatusCodes.Status403Forbidden));
}
