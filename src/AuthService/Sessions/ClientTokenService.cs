using AuthService.Principals;
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
internal sealed class ClientTokenService(RefreshService refreshing)
{
    public Task<RefreshOutcome> IssueAsync(RequestedGrant grant) => grant switch
    {
        RequestedGrant.ClientCredentials(var service, var request) => Task.FromResult(refreshing.IssueFor(service, request)),
        RequestedGrant.Refresh(var token, var request) => refreshing.RefreshAsync(token, SessionMode.Application, request),
        _ => throw new InvalidOperationException($"{grant} is no grant"),
    };
}
