using AuthService.Principals;
using AuthService.Tokens;
using Microsoft.Extensions.Options;

namespace AuthService.Sessions;

/// <summary>What an access token is to say beyond who its principal is.</summary>
internal sealed record TokenGrant(string[] Scopes, TimeSpan Lifetime)
{
    public Guid? SessionId { get; init; }

    /// <summary>The end of the session: no token of it lives longer.</summary>
    public DateTimeOffset? NotAfter { get; init; }

    public string[] ExtendedByChain { get; init; } = [];

    /// <summary>The id of the administrator who impersonates the principal.</summary>
    public string? Actor { get; init; }

    public string? Jti { get; init; }
}

/// <summary>Mints access tokens; role and names are the principal's at that moment.</summary>
internal sealed class AccessTokenIssuer(AccessTokenWriter writer, IOptionsMonitor<JwtOptions> options, TimeProvider clock)
{
    private static readonly string[] AllWrite = ScopeSet.AllWrite.ToArray();

    public string IssueFor(OwnedSession owned)
    {
        var (session, principal, actor) = owned;
        return Issue(principal, new TokenGrant(session.Scopes, session.AccessTokenLifetime ?? options.CurrentValue.AccessTokenLifetime)
        {
            SessionId = session.Id,
            NotAfter = session.ExpireAt,
            ExtendedByChain = session.ExtendedByChain ?? [],
            Actor = actor?.Id,
        });
    }

    /// <summary>For the standing credential of a service or provider.</summary>
    public string IssueFor(Principal principal) => Issue(principal, new TokenGrant(AllWrite, options.CurrentValue.AccessTokenLifetime));

    public string Issue(Principal principal, TokenGrant grant)
    {
        var now = clock.GetUtcNow();
        var expiresAt = now + grant.Lifetime;
        var isPerson = principal.Type is PrincipalType.Person;
        return writer.Write(new AccessToken
        {
            Issuer = options.CurrentValue.Issuer,
            Subject = principal.Id,
            Scopes = grant.Scopes,
            IssuedAt = now.ToUnixTimeSeconds(),
            ExpiresAt = (expiresAt < grant.NotAfter ? expiresAt : grant.NotAfter ?? expiresAt).ToUnixTimeSeconds(),
            Role = principal.Role.ToWire(),
            PrincipalType = principal.Type.ToClaim(),
            ExtendedByChain = grant.ExtendedByChain,
            ExtendedBy = grant.ExtendedByChain is [.., var last] ? last : null,
            PublicSessionReference = grant.SessionId,
            SessionId = grant.SessionId,
            FirstNames = isPerson ? principal.FirstNames : null,
            LastName = isPerson ? principal.LastName : null,
            Email = isPerson ? principal.Email : null,
            OrgId = isPerson ? principal.OrgId : null,
            TwoFactorAuthentication = isPerson ? false : null, // no second factor exists in this service
            ServiceLicenseAgreement = isPerson ? principal.AgreementAccepted : null,
            Actor = grant.Actor is { } actor ? new ActorClaim(actor) : null,
            Jti = grant.Jti,
            SecurityStamp = grant.SessionId is null ? principal.SecurityStamp : null,
        });
    }
}
