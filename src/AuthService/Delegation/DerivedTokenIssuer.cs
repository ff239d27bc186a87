using AuthService.Audit;
using AuthService.Refusals;
using AuthService.Sessions;
using AuthService.Sessions.AccessTokens;
using AuthService.Tokens;
using Microsoft.Extensions.Options;

namespace AuthService.Delegation;

internal abstract record DerivedToken
{
    private DerivedToken()
    {
    }

    internal sealed record Issued(string Text) : DerivedToken;

    internal sealed record Refused(RefusalReason Reason) : DerivedToken;
}

/// <summary>Issues tokens that are made from another one. They keep its session or API key and its actor, and expire no later.</summary>
internal sealed class DerivedTokenIssuer(
    AccessTokenIssuer issuer, SessionStore sessions, AuditLog audit, IOptionsMonitor<JwtOptions> options, TimeProvider clock)
{
    /// <summary>
    /// Issues a token and writes an audit entry. The services that extend it, or extended the source, are locked meanwhile: disabling one of them revokes what
    /// was issued until then, and that must include this token.
    /// </summary>
    public async Task<DerivedToken> IssueAsync(VerifiedToken source, TokenGrant grant, string auditEvent, string detail, AuditActor by)
    {
        if (grant.ExtendedByChain is not { Length: > 0 } chain)
            return await IssueWithinAsync(source, grant, auditEvent, detail, by);
        string[] others = [.. chain.Where(id => by.Entitlement is null || id != by.Actor)];
        return await sessions.WithExtendersAsync(others, by, () => IssueWithinAsync(source, grant, auditEvent, detail, by))
            ?? new DerivedToken.Refused(RefusalReason.ExtenderRevoked);
    }

    private async Task<DerivedToken> IssueWithinAsync(VerifiedToken source, TokenGrant grant, string auditEvent, string detail, AuditActor by)
    {
        if (TryCreate(source, grant) is not { } token)
            return new DerivedToken.Refused(RefusalReason.TokenTooLong);
        if (source.Session is { } session && !await TryNoteAsync(session, DateTimeOffset.FromUnixTimeSeconds(token.Claims.ExpiresAt)))
            return new DerivedToken.Refused(RefusalReason.SessionChanged);
        await audit.WriteAsync(by, auditEvent, source.Principal.Id, source.Session?.Id, detail);
        return new DerivedToken.Issued(token.Text);
    }

    /// <summary>
    /// Stores how long the token lives if it outlives the session's own tokens, because a revocation of the session must report that time. For an impersonating
    /// session it checks that the session has not been returned to its administrator, with a shared lock that many requests can hold at the same time.
    /// </summary>
    private async Task<bool> TryNoteAsync(Session session, DateTimeOffset expiresAt)
    {
        if (expiresAt > clock.GetUtcNow() + (session.AccessTokenLifetime ?? options.CurrentValue.AccessTokenLifetime))
            return await sessions.TryNoteTokenAsync(session, expiresAt);
        return session.ActorNumber is null || await sessions.TryHoldIdentityAsync(session);
    }

    /// <returns>Null when the token would be longer than this service accepts.</returns>
    private IssuedToken? TryCreate(VerifiedToken source, TokenGrant grant)
    {
        var token = issuer.Create(source.Principal, (source.Session is { } session ? grant.Of(session) : grant) with
        {
            ApiKeyId = source.Token.ApiKeyId,
            NotAfter = source.EndOfDerived,
            Actor = source.Owned?.CreateActorClaim(),
        });
        return token.Text.Length > AccessTokenWriter.MaximumLength ? null : token;
    }
}
