using System.Diagnostics;
using AuthService.Principals;
using AuthService.Refusals;
using AuthService.Sessions;
using AuthService.Sessions.AccessTokens;
using AuthService.Sessions.Refresh;
using AuthService.Tokens;

namespace AuthService.Delegation;

/// <summary>The result of introspecting a token.</summary>
internal abstract record IntrospectionResult
{
    private IntrospectionResult()
    {
    }

    internal sealed record OfAccess(VerifiedToken Verified) : IntrospectionResult;

    internal sealed record OfSession(SessionWithPrincipals Owned) : IntrospectionResult;

    /// <summary>The refresh token of a service or provider.</summary>
    internal sealed record OfPrincipal(Principal Principal) : IntrospectionResult;

    /// <summary>The token cannot be used.</summary>
    internal sealed record Inactive(RefusalReason Reason) : IntrospectionResult;
}

/// <summary>Introspects tokens without using them (RFC 7662).</summary>
internal sealed class TokenIntrospection(
    AccessTokenVerifier accessTokens, RefreshTokenVerifier refreshTokens, ClaimedTokenStore claims, ILogger<TokenIntrospection> logger)
{
    public async Task<IntrospectionResult> IntrospectAsync(RefreshToken token) => await refreshTokens.VerifyAsync(token) switch
    {
        RefreshTokenVerification.OfSession(var owned, _) => new IntrospectionResult.OfSession(owned),
        RefreshTokenVerification.OfPrincipal(var principal) => new IntrospectionResult.OfPrincipal(principal),
        RefreshTokenVerification.Refused(var reason) => Inactive(reason),
        var other => throw new UnreachableException($"{other}"),
    };

    /// <summary>Introspects an access token. A one-time token is inactive once it was claimed.</summary>
    public async Task<IntrospectionResult> IntrospectAsync(string accessToken) => await accessTokens.VerifyAsync(accessToken) switch
    {
        AccessTokenVerification.Verified({ Token.Jti: { } jti }) when await claims.IsClaimedAsync(jti) => Inactive(RefusalReason.AlreadyClaimed),
        AccessTokenVerification.Verified(var verified) => new IntrospectionResult.OfAccess(verified),
        AccessTokenVerification.Refused(var reason) => Inactive(reason),
        var other => throw new UnreachableException($"{other}"),
    };

    private IntrospectionResult.Inactive Inactive(RefusalReason reason)
    {
        DelegationLog.IntrospectedInactive(logger, reason.ToCode());
        return new IntrospectionResult.Inactive(reason);
    }
}
