using AuthService.Principals;
using AuthService.Refusals;
using AuthService.Tokens;
using Microsoft.Extensions.Options;

namespace AuthService.Sessions.AccessTokens;

/// <summary>The contents of an access token besides its principal.</summary>
internal sealed record TokenGrant(string[] Scopes, TimeSpan Lifetime)
{
    public Guid? SessionId { get; init; }

    /// <summary>The session of the sign-in from which this session came; null when it is one itself.</summary>
    public Guid? OriginSessionId { get; init; }

    /// <summary>When the person last proved in the session who they are.</summary>
    public DateTimeOffset? AuthenticatedAt { get; init; }

    public string[]? AuthenticationMethods { get; init; }

    /// <summary>When the session, or the API key for which the token is issued, ends; the token expires no later.</summary>
    public DateTimeOffset? NotAfter { get; init; }

    /// <summary>The API key for which the token is issued. Without the key the token is refused.</summary>
    public Guid? ApiKeyId { get; init; }

    public string[] ExtendedByChain { get; init; } = [];

    /// <summary>The actor who impersonates the principal.</summary>
    public ActorClaim? Actor { get; init; }

    public string? Jti { get; init; }

    public string? ClientId { get; init; }

    /// <summary>Returns this grant with the claims of a session.</summary>
    public TokenGrant Of(Session session) => this with
    {
        SessionId = session.Id,
        OriginSessionId = session.RootId,
        AuthenticatedAt = session.ProvedAt,
        AuthenticationMethods = session.AuthenticationMethods,
    };
}

/// <summary>The request of a client at the token endpoint (RFC 6749).</summary>
/// <param name="ClientId">The id of the client; null when it did not authenticate.</param>
/// <param name="Scopes">The requested scopes; null for all that are available.</param>
internal sealed record ClientRequest(string? ClientId, ScopeSet? Scopes)
{
    public static readonly ClientRequest None = new(ClientId: null, Scopes: null);

    /// <summary>The API key with which the client authenticated, when the token is issued for it.</summary>
    public Guid? ApiKeyId { get; init; }

    /// <summary>When that API key expires; null when it does not.</summary>
    public DateTimeOffset? NotAfter { get; init; }

    public IReadOnlyList<RefusalFact> ToFacts() => Scopes is null ? [] : [RefusalFact.Of("requested", Scopes.ToArray())];

    /// <summary>Returns the scopes to issue, given those that the client has.</summary>
    /// <returns>Null when the client requests more than it has.</returns>
    public string[]? Narrow(string[] held)
    {
        if (Scopes is null)
            return held;
        return ScopeSet.TryParse(held, out var all) && all.Covers(Scopes) ? Scopes.ToArray() : null;
    }
}

/// <summary>A new access token and its claims.</summary>
internal sealed record IssuedToken(string Text, AccessToken Claims);

/// <summary>Issues access tokens. Role and names are those of the principal at that moment.</summary>
internal sealed class AccessTokenIssuer(
    AccessTokenWriter writer, IOptionsMonitor<JwtOptions> options, IOptionsMonitor<TwoFactorOptions> factors, TimeProvider clock)
{
    private static readonly string[] AllWrite = ScopeSet.AllWrite.ToArray();

    public string IssueFor(SessionWithPrincipals owned) => IssueFor(owned, owned.Session.Scopes, clientId: null).Text;

    /// <param name="owned">The session.</param>
    /// <param name="scopes">The scopes of the session, or fewer.</param>
    /// <param name="clientId">The id of the client; null when it is not known.</param>
    public IssuedToken IssueFor(SessionWithPrincipals owned, string[] scopes, string? clientId)
    {
        var (session, principal, _) = owned;
        return Create(principal, new TokenGrant(scopes, session.AccessTokenLifetime ?? options.CurrentValue.AccessTokenLifetime).Of(session) with
        {
            NotAfter = session.ExpireAt,
            ExtendedByChain = session.ExtendedByChain ?? [],
            Actor = owned.CreateActorClaim(),
            ClientId = clientId,
        });
    }

    /// <summary>Issues an access token for the service refresh token of a service or provider, or for a service's API key.</summary>
    /// <returns>Null when the request asks for more scopes than such a principal has.</returns>
    public IssuedToken? TryIssueFor(Principal principal, ClientRequest request) => request.Narrow(AllWrite) is { } scopes
        ? Create(principal, new TokenGrant(scopes, options.CurrentValue.AccessTokenLifetime)
        {
            ClientId = request.ClientId,
            ApiKeyId = request.ApiKeyId,
            NotAfter = request.NotAfter,
        })
        : null;

    public IssuedToken Create(Principal principal, TokenGrant grant)
    {
        var now = clock.GetUtcNow();
        var expiresAt = now + grant.Lifetime;
        var isPerson = principal.Type is PrincipalType.Person;
        var profile = isPerson ? TokenProfile.Of(principal) : null;
        var token = new AccessToken
        {
            Issuer = options.CurrentValue.Issuer,
            Subject = principal.Id,
            Scopes = grant.Scopes,
            IssuedAt = now.ToUnixTimeSeconds(),
            ExpiresAt = (expiresAt < grant.NotAfter ? expiresAt : grant.NotAfter ?? expiresAt).ToUnixTimeSeconds(),
            Role = principal.Role.ToWire(),
            PrincipalType = principal.Type.ToClaim(),
            ExtendedByChain = grant.ExtendedByChain,
            PublicSessionReference = grant.SessionId,
            SessionId = grant.SessionId,
            OriginSessionId = grant.OriginSessionId,
            FirstNames = profile?.FirstNames,
            LastName = profile?.LastName,
            Email = profile?.Email,
            OrgId = profile?.OrgId,
            TwoFactorAuthentication = isPerson ? !factors.CurrentValue.IsOwedBy(principal, grant.AuthenticationMethods) : null,
            AuthenticatedAt = isPerson ? grant.AuthenticatedAt?.ToUnixTimeSeconds() : null,
            AuthenticationMethods = isPerson ? grant.AuthenticationMethods : null,
            ServiceLicenseAgreement = isPerson ? principal.AgreementAccepted : null,
            Actor = grant.Actor,
            Jti = grant.Jti,
            ClientId = grant.ClientId,
            SecurityStamp = grant.SessionId is null ? principal.SecurityStamp : null,
            ApiKeyId = grant.ApiKeyId,
        };
        return new IssuedToken(writer.Write(token), token);
    }
}
