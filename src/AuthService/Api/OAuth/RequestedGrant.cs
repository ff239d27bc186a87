using AuthService.Principals;
using AuthService.Sessions.AccessTokens;
using AuthService.Tokens;

namespace AuthService.Api.OAuth;

/// <summary>The grant that a client uses at the token endpoint: one of the two supported ones.</summary>
internal abstract record RequestedGrant
{
    private RequestedGrant()
    {
    }

    /// <summary>RFC 6749, section 4.4.</summary>
    internal sealed record ClientCredentials(Principal Service, ClientRequest Request) : RequestedGrant;

    /// <summary>RFC 6749, section 6. The client does not have to be a known one: as at <c>/auth/refresh</c>, the refresh token is enough.</summary>
    internal sealed record Refresh(RefreshToken Token, ClientRequest Request) : RequestedGrant;
}
