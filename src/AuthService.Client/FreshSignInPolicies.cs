using AuthService.Client.Bearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;

namespace AuthService.Client;

/// <summary>
/// Requires a fresh proof of identity (RFC 9470). Without it the answer is 401 with
/// <c>WWW-Authenticate: Bearer error="insufficient_user_authentication", max_age="…"</c>. The client then asks the person for the proof
/// (<c>POST /auth/reauthenticate</c>) and calls again with the new token, as the TypeScript package does by itself.
/// </summary>
public static class FreshSignInPolicies
{
    /// <summary>Requires that the person signed in, or proved who they are, at most this long ago. The policy checks AuthService's token.</summary>
    /// <remarks>
    /// The time is the token's <c>auth_time</c>. A token without one (a service's own) is refused, and so is that of an administrator who impersonates the
    /// person, because the person did not sign in.
    /// </remarks>
    /// <param name="policy">The policy.</param>
    /// <param name="maxAge">The greatest age of the proof, at least a second. AuthService itself uses ten minutes.</param>
    /// <returns>The policy.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxAge"/> is less than a second.</exception>
    public static AuthorizationPolicyBuilder RequireFreshSignIn(this AuthorizationPolicyBuilder policy, TimeSpan maxAge)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxAge, TimeSpan.FromSeconds(1));
        return policy.AddAuthenticationSchemes(AuthServiceBearer.SchemeName).RequireAuthenticatedUser().AddRequirements(new FreshSignIn(maxAge));
    }

    /// <summary>Requires for an endpoint or a group that the person proved who they are at most this long ago.</summary>
    /// <typeparam name="TBuilder">The type of the endpoint or group.</typeparam>
    /// <param name="endpoint">The endpoint or group.</param>
    /// <param name="maxAge"><inheritdoc cref="RequireFreshSignIn(AuthorizationPolicyBuilder, TimeSpan)" path="/param[@name='maxAge']"/></param>
    /// <returns>The endpoint or group.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxAge"/> is less than a second.</exception>
    public static TBuilder RequireFreshSignIn<TBuilder>(this TBuilder endpoint, TimeSpan maxAge)
        where TBuilder : IEndpointConventionBuilder => endpoint.RequireAuthorization(policy => policy.RequireFreshSignIn(maxAge));
}
