using AuthService.Principals;
using AuthService.Refusals;
using AuthService.Sessions.AccessTokens;
using AuthService.Tokens;

namespace AuthService.Sessions;

/// <summary>What a client asks for at the token endpoint, by one of the two grants that there are.</summary>
internal abstract record RequestedGrant
{
    private RequestedGrant()
    {
    }

    /// <summary>RFC 6749, section 4.4.</summary>
    internal sealed record ClientCredentials(Principal Service, ClientRequest Request) : RequestedGrant;

    /// <summary>RFC 6749, section 6. Who holds the refresh token need not be a known client, as at <c>/auth/refresh</c>.</summary>
    internal sealed record Refresh(RefreshToken Token, ClientRequest Request) : RequestedGrant;
}

/// <summary>Access tokens for clients (RFC 6749).</summary>
internal sealed class ClientTokenService(RefreshService refreshing, AccessTokenIssuer issuer, RefusalNotes refusals)
{
    public Task<RefreshOutcome> IssueAsync(RequestedGrant grant) => grant switch
    {
        RequestedGrant.ClientCredentials(var service, var request) => Task.FromResult(Issue(service, request)),
        RequestedGrant.Refresh(var token, var request) => refreshing.RefreshAsync(token, SessionMode.Application, request),
        _ => throw new InvalidOperationException($"{grant} is no grant"),
    };

    private RefreshOutcome Issue(Principal service, ClientRequest request)
    {
        if (issuer.TryIssueFor(service, request) is { } token)
            return new RefreshOutcome.Refreshed(token);
        refusals.Add(new RefusalNote(RefusalReason.ScopeNotCovered) { Principal = service.Id, Facts = request.ToFacts() });
        return new RefreshOutcome.Refused(RefusalReason.ScopeNotCovered);
    }
}
