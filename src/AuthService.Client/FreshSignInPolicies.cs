using AuthService.Client.Bearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;

namespace AuthService.Client;

/// <summary>
/// Asks the person for a proof of identity that is not old (RFC 9470). Otherwise the answer is 401 with
/// <c>WWW-Authenticate: Bearer error="insufficient_user_authentication", max_age="…"</c>; the client then has the person prove who they are
/// (<c>POST /auth/reauthenticate</c>) and calls again with the token that it gets, as the TypeScript package does by itself.
/// </summary>
public static class FreshSignInPolicies
{
    /// <summary>Adds to a policy that the person signed in, or proved who they are, at most this long ago.</summary>
    /// <remarks>
    /// That is the token's <c>auth_time</c>. A token without one (a service's own) is refused, and so is one of an administrator who
    /// impersonates the person: it was not the person who signed in.
    /// </remarks>
    /// <param name="policy">The policy.</param>
    /// <param name="maxAge">At least a second; AuthService itself asks for ten minutes.</param>
    /// <returns>The policy.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxAge"/> is less than a second.</exception>
    public static AuthorizationPolicyBuilder RequireFreshSignIn(this AuthorizationPolicyBuilder policy, TimeSpan maxAge)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxAge, TimeSpan.FromSeconds(1));
        return policy.AddAuthenticationSchemes(AuthServiceBearer.SchemeName).RequireAuthenticatedUser().AddRequirements(new FreshSignIn(maxAge));
    }

    /// <summary>Lets only tokens reach an endpoint or a group whose person proved who they are at most this long ago.</summary>
    /// <typeparam name="TBuilder">What is built.</typeparam>
    /// <param name="endpoint">The endpoint or group.</param>
    /// <param name="maxAge"><inheritdoc cref="RequireFreshSignIn(AuthorizationPolicyBuilder, TimeSpan)" path="/param[@name='maxAge']"/></param>
    /// <returns>The endpoint or group.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxAge"/> is less than a second.</exception>
    public static TBuilder RequireFreshSignIn<TBuilder>(this TBuilder endpoint, TimeSpan maxAge)
        where TBuilder : IEndpointConventionBuilder => endpoint.RequireAuthorization(policy => policy.RequireFreshSignIn(maxAge));
}
