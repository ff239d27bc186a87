using AuthService.Audit;
using AuthService.Sessions.AccessTokens;
using AuthService.Tokens;

namespace AuthService.Delegation;

/// <summary>Issues tokens that are made from another one: they keep its session, the end of that and who acts in it.</summary>
internal sealed class DerivedTokenIssuer(AccessTokenIssuer issuer, AuditLog audit)
{
    /// <returns>Null when the token would be longer than any that this service accepts.</returns>
    public string? TryCreate(VerifiedToken source, TokenGrant grant)
    {
        var token = issuer.Issue(source.Principal, (source.Session is { } session ? grant.Of(session) : grant) with
        {
            NotAfter = source.EndOfDerived,
            Actor = source.Owned?.CreateActorClaim(),
        });
        return token.Length > AccessTokenWriter.MaximumLength ? null : token;
    }

    /// <summary>The same with an audit entry.</summary>
    public async Task<string?> TryIssueAsync(VerifiedToken source, TokenGrant grant, string auditEvent, string detail, AuditActor by)
    {
        if (TryCreate(source, grant) is not { } token)
            return null;
        await audit.WriteAsync(by, auditEvent, source.Principal.Id, source.Session?.Id, detail);
        return token;
    }
}
