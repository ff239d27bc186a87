using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;

namespace AuthService.Client;

/// <summary>Asks for scopes of the caller's access token. Without a token the answer is 401, without the scope 403.</summary>
public static class ScopePolicies
{
    /// <summary>Adds to a policy that the token covers every one of these scopes.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="scopes">For example <c>files.upload:write</c>; what covers what stands at <see cref="AuthServiceBearer.HasScope"/>.</param>
    /// <returns>The policy.</returns>
    /// <exception cref="ArgumentException">A scope is malformed, or there is none.</exception>
    public static AuthorizationPolicyBuilder RequireScope(this AuthorizationPolicyBuilder policy, params string[] scopes)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var wanted = scopes.Select(AuthServiceBearer.ParseScope).ToArray();
        if (wanted.Length == 0)
            throw new ArgumentException("A scope is needed", nameof(scopes));
        return policy.AddAuthenticationSchemes(AuthServiceBearer.SchemeName)
            .RequireAssertion(context => Array.TrueForAll(wanted, scope => AuthServiceBearer.Holds(context.User, scope)));
    }

    /// <summary>Lets only tokens that cover every one of these scopes reach an endpoint or a group.</summary>
    /// <typeparam name="TBuilder">What is built.</typeparam>
    /// <param name="endpoint">The endpoint or group.</param>
    /// <param name="scopes"><inheritdoc cref="RequireScope(AuthorizationPolicyBuilder, string[])" path="/param[@name='scopes']"/></param>
    /// <returns>The endpoint or group.</returns>
    /// <exception cref="ArgumentException">A scope is malformed, or there is none.</exception>
    public static TBuilder RequireScope<TBuilder>(this TBuilder endpoint, params string[] scopes)
        where TBuilder : IEndpointConventionBuilder => endpoint.RequireAuthorization(policy => policy.RequireScope(scopes));
}
