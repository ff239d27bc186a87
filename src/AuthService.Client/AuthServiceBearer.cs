using System.Globalization;
using System.Security.Claims;
using AuthService.Tokens;

namespace AuthService.Client;

/// <summary>
/// The claims of an access token (src/AuthService/README.md#access-tokens), which are in <see cref="Microsoft.AspNetCore.Http.HttpContext.User"/> under their
/// own names. The methods read only the identity that the scheme <see cref="SchemeName"/> made.
/// </summary>
public static class AuthServiceBearer
{
    /// <summary>The name of the authentication scheme, and the authentication type of its identity.</summary>
    public const string SchemeName = "AuthService";

    /// <summary>The id of the person or service that the call is made for. It is also <c>User.Identity.Name</c>.</summary>
    public const string SubjectClaim = "sub";

    /// <summary>One claim for each scope of the token.</summary>
    public const string ScopeClaim = "aud";

    /// <summary>
    /// The role for <c>RequireRole</c> and <c>User.IsInRole</c>: USER, ADMIN, SERVICE or PROVIDER. A token that was extended, or does not hold
    /// <c>all:write</c>, has no such claim, because a narrowed token of an administrator must not act as one.
    /// </summary>
    public const string RoleClaim = "role";

    /// <summary>The id of the administrator who impersonates the subject; absent otherwise.</summary>
    public const string ActorClaim = "act";

    /// <summary>The service that extended the token last; absent if the token was not extended.</summary>
    public const string ExtendedByClaim = "extendedBy";

    /// <summary>One claim for each service that extended the token, the first one first.</summary>
    public const string ExtendedByChainClaim = "extendedByChain";

    /// <summary>The id of the session; absent without one.</summary>
    public const string SessionClaim = "sid";

    /// <summary>The id of a one-time token, which this service has claimed; absent in other tokens.</summary>
    public const string OneTimeClaim = "jti";

    /// <summary>When the person last proved who they are, in seconds since 1970 (OpenID Connect Core, section 2); absent if no person signed in.</summary>
    public const string AuthenticationTimeClaim = "auth_time";

    /// <summary>One claim for each way in which the person proved who they are, in the values of RFC 8176: pwd, otp, mfa.</summary>
    public const string AuthenticationMethodClaim = "amr";

    /// <summary>Returns the scopes of the token.</summary>
    /// <returns>The scopes; empty without a token.</returns>
    /// <param name="user">The caller.</param>
    public static IReadOnlyList<string> GetScopes(this ClaimsPrincipal user) => Values(user, ScopeClaim);

    /// <summary>
    /// Returns whether one of the token's scopes covers this one: its access is as wide and its segments are a prefix
    /// (src/AuthService/README.md#scopes).
    /// </summary>
    /// <param name="user">The caller.</param>
    /// <param name="scope">A scope, for example <c>files.upload:write</c>. Its metadata is ignored.</param>
    /// <returns>False without a token.</returns>
    /// <exception cref="ArgumentException"><paramref name="scope"/> is malformed.</exception>
    public static bool HasScope(this ClaimsPrincipal user, string scope) => Holds(user, ParseScope(scope));

    /// <summary>Returns the administrator who impersonates the subject.</summary>
    /// <returns>The administrator's id; null without an impersonation.</returns>
    /// <param name="user">The caller.</param>
    public static string? GetActor(this ClaimsPrincipal user) => Values(user, ActorClaim) is [var actor, ..] ? actor : null;

    /// <summary>Returns the services that extended the token, the first one first.</summary>
    /// <returns>Their ids; empty if the token was not extended.</returns>
    /// <param name="user">The caller.</param>
    public static IReadOnlyList<string> GetExtendedByChain(this ClaimsPrincipal user) => Values(user, ExtendedByChainClaim);

    /// <summary>Returns the id of the session.</summary>
    /// <returns>Null if the token has no session.</returns>
    /// <param name="user">The caller.</param>
    public static Guid? GetSessionId(this ClaimsPrincipal user) =>
        Values(user, SessionClaim) is [var id, ..] && Guid.TryParse(id, out var parsed) ? parsed : null;

    /// <summary>Returns when the person last proved who they are.</summary>
    /// <returns>Null if no person signed in.</returns>
    /// <param name="user">The caller.</param>
    public static DateTimeOffset? GetAuthenticatedAt(this ClaimsPrincipal user) =>
        Values(user, AuthenticationTimeClaim) is [var text, ..] && uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    /// <summary>Returns the ways in which the person proved who they are (RFC 8176).</summary>
    /// <returns>The values, with <c>mfa</c> if there were two factors.</returns>
    /// <param name="user">The caller.</param>
    public static IReadOnlyList<string> GetAuthenticationMethods(this ClaimsPrincipal user) => Values(user, AuthenticationMethodClaim);

    internal static Scope ParseScope(string scope) =>
        Scope.TryParse(scope, out var parsed) ? parsed : throw new ArgumentException($"\"{scope}\" is no scope, as files.upload:write is", nameof(scope));

    /// <summary>Returns whether a scope of the token covers this one. Malformed scopes of the token are ignored.</summary>
    internal static bool Holds(ClaimsPrincipal user, Scope wanted) =>
        GetScopes(user).Any(text => Scope.TryParse(text, out var held) && held.Covers(wanted));

    private static string[] Values(ClaimsPrincipal user, string type) =>
    [
        .. user.Identities
            .Where(identity => identity.AuthenticationType is SchemeName)
            .SelectMany(identity => identity.FindAll(type))
            .Select(claim => claim.Value),
    ];
}
