using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace AuthService.Client.Bearer;

/// <summary>
/// Sets up the framework's bearer scheme for AuthService's access tokens. The framework's defaults are wider: five minutes of clock skew, any
/// type, any algorithm.
/// </summary>
internal sealed class BearerSetup(IOptions<AuthServiceBearerOptions> bearer, PublishedKeys keys, TimeProvider clock) : IConfigureNamedOptions<JwtBearerOptions>
{
    /// <summary>The type of access tokens (RFC 9068), so that no other kind of JWT is accepted as one.</summary>
    public const string TokenType = "at+jwt";

    /// <summary>The type of one-time tokens (RFC 8725, section 3.11). <see cref="BearerEvents"/> claims their <c>jti</c>.</summary>
    private const string OneTimeTokenType = "one-time+jwt";

    public void Configure(string? name, JwtBearerOptions options)
    {
        if (name is AuthServiceBearer.SchemeName)
            Configure(options);
    }

    public void Configure(JwtBearerOptions options)
    {
        options.MapInboundClaims = false;
        options.EventsType = typeof(BearerEvents);
        options.TokenHandlers.Clear();
        options.TokenHandlers.Add(new AccessTokenHandler(keys, bearer.Value));
        options.TokenValidationParameters = new TokenValidationParameters
        {
            AuthenticationType = AuthServiceBearer.SchemeName,
            NameClaimType = AuthServiceBearer.SubjectClaim,
            RoleClaimType = AuthServiceBearer.RoleClaim,
            ValidTypes = [TokenType, OneTimeTokenType],
            ValidAlgorithms = bearer.Value.AcceptedAlgorithms,
            ValidIssuer = bearer.Value.Issuer,
            ValidateAudience = false, // `aud` holds scopes, which the policies check
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            TryAllIssuerSigningKeys = false,
            ClockSkew = bearer.Value.ClockSkew,
            LifetimeValidator = (notBefore, expires, _, _) => IsInTime(notBefore, expires),
        };
    }

    private bool IsInTime(DateTime? notBefore, DateTime? expires)
    {
        var (now, skew) = (clock.GetUtcNow().UtcDateTime, bearer.Value.ClockSkew);
        return expires is { } end && now < end + skew && (notBefore is not { } start || now >= start - skew);
    }
}
