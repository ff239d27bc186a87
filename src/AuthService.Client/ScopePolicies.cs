using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;

namespace AuthService.Client;

/// <summary>Requires scopes of the caller's access token. Without a token the answer is 401, without the scope 403.</summary>
public static class ScopePolicies
{
    /// <summary>Requires that the token covers every one of these scopes. The policy checks AuthService's token, whichever scheme is the default.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="scopes">Scopes such as <c>files.upload:write</c>. <see cref="AuthServiceBearer.HasScope"/> says when a token covers one.</param>
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

    /// <summary>Requires for an endpoint or a group that the token covers every one of these scopes.</summary>
    /// <typeparam name="TBuilder">The type of the endpoint or group.</typeparam>
    /// <param name="endpoint">The endpoint or group.</param>
    /// <param name="scopes"><inheritdoc cref="RequireScope(AuthorizationPolicyBuilder, string[])" path="/param[@name='scopes']"/></param>
    /// <returns>The endpoint or group.</returns>
    /// <exception cref="ArgumentException">A scope is malformed, or there is none.</exception>
    public static TBuilder RequireScope<TBuilder>(this TBuilder endpoint, params string[] scopes)
        where TBuilder : IEndpointConventionBuilder => endpoint.RequireAuthorization(policy => policy.RequireScope(scopes));
}
