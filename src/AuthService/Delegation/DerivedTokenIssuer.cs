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

/// <summary>Issues tokens that are made from another one: they keep its session or API key, the end of that and who acts in it.</summary>
internal sealed class DerivedTokenIssuer(
    AccessTokenIssuer issuer, SessionStore sessions, AuditLog audit, IOptionsMonitor<JwtOptions> options, TimeProvider clock)
{
    /// <summary>
    /// With an audit entry. Those who narrow it, or have narrowed what it is made from, are held meanwhile: whoever disables them revokes what was issued until
    /// then.
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
    /// Whoever revokes the session must know for how long its tokens could be shown; that of its own ones is known anyhow. One that impersonates must not have
    /// been given back, which many may look at side by side.
    /// </summary>
    private async Task<bool> TryNoteAsync(Session session, DateTimeOffset expiresAt)
    {
        if (expiresAt > clock.GetUtcNow() + (session.AccessTokenLifetime ?? options.CurrentValue.AccessTokenLifetime))
            return await sessions.TryNoteTokenAsync(session, expiresAt);
        return session.ActorNumber is null || await sessions.TryHoldIdentityAsync(session);
    }

    /// <returns>Null when the token would be longer than any that this service accepts.</returns>
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
