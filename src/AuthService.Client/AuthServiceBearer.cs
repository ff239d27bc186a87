using System.Globalization;
using System.Security.Claims;
using AuthService.Tokens;

namespace AuthService.Client;

/// <summary>
/// The claims of an access token (src/AuthService/README.md#access-tokens), as they stand in
/// <see cref="Microsoft.AspNetCore.Http.HttpContext.User"/> under their own names, and what they mean.
/// Only the identity that the scheme <see cref="SchemeName"/> made is believed.
/// </summary>
public static class AuthServiceBearer
{
    /// <summary>The name of the authentication scheme, and the authentication type of its identity.</summary>
    public const string SchemeName = "AuthService";

    /// <summary>The id of the person or service for whom the call is made; also <c>User.Identity.Name</c>.</summary>
    public const string SubjectClaim = "sub";

    /// <summary>One claim for each scope of the token.</summary>
    public const string ScopeClaim = "aud";

    /// <summary>
    /// USER, ADMIN, SERVICE or PROVIDER, for <c>RequireRole</c> and <c>User.IsInRole</c>. A token that was extended, or that does not hold
    /// <c>all:write</c>, has no such claim: the narrowed token of an administrator is not an administrator.
    /// </summary>
    public const string RoleClaim = "role";

    /// <summary>The id of the administrator who impersonates the subject; absent otherwise.</summary>
    public const string ActorClaim = "act";

    /// <summary>The service that extended the token last; absent when none did.</summary>
    public const string ExtendedByClaim = "extendedBy";

    /// <summary>One claim for each service that extended the token, the first one first.</summary>
    public const string ExtendedByChainClaim = "extendedByChain";

    /// <summary>The id of the session; absent without one.</summary>
    public const string SessionClaim = "sid";

    /// <summary>The id of a one-time token, which this service has claimed by now; absent on all others.</summary>
    public const string OneTimeClaim = "jti";

    /// <summary>When the person last proved who they are, in seconds since 1970 (OpenID Connect Core, section 2); absent where no person did.</summary>
    public const string AuthenticationTimeClaim = "auth_time";

    /// <summary>One claim for each way in which the person proved who they are, in the words of RFC 8176: pwd, otp, mfa.</summary>
    public const string AuthenticationMethodClaim = "amr";

    /// <returns>The scopes of the token, empty without a token.</returns>
    /// <param name="user">The caller.</param>
    public static IReadOnlyList<string> GetScopes(this ClaimsPrincipal user) => Values(user, ScopeClaim);

    /// <summary>
    /// Whether one of the token's scopes covers this one: its access is as wide and its segments are a prefix
    /// (src/AuthService/README.md#scopes).
    /// </summary>
    /// <param name="user">The caller.</param>
    /// <param name="scope">For example <c>files.upload:write</c>; its metadata takes no part.</param>
    /// <returns>False without a token.</returns>
    /// <exception cref="ArgumentException"><paramref name="scope"/> is malformed.</exception>
    public static bool HasScope(this ClaimsPrincipal user, string scope) => Holds(user, ParseScope(scope));

    /// <returns>The id of the administrator who impersonates the subject; null when nobody does.</returns>
    /// <param name="user">The caller.</param>
    public static string? GetActor(this ClaimsPrincipal user) => Values(user, ActorClaim) is [var actor, ..] ? actor : null;

    /// <returns>The services that extended the token, the first one first; empty when none did.</returns>
    /// <param name="user">The caller.</param>
    public static IReadOnlyList<string> GetExtendedByChain(this ClaimsPrincipal user) => Values(user, ExtendedByChainClaim);

    /// <returns>The id of the session; null without one.</returns>
    /// <param name="user">The caller.</param>
    public static Guid? GetSessionId(this ClaimsPrincipal user) =>
        Values(user, SessionClaim) is [var id, ..] && Guid.TryParse(id, out var parsed) ? parsed : null;

    /// <returns>When the person last proved who they are; null where no person did.</returns>
    /// <param name="user">The caller.</param>
    public static DateTimeOffset? GetAuthenticatedAt(this ClaimsPrincipal user) =>
        Values(user, AuthenticationTimeClaim) is [var text, ..] && uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    /// <returns>The ways in which the person proved who they are (RFC 8176), among them <c>mfa</c> where there were two factors.</returns>
    /// <param name="user">The caller.</param>
    public static IReadOnlyList<string> GetAuthenticationMethods(this ClaimsPrincipal user) => Values(user, AuthenticationMethodClaim);

    internal static Scope ParseScope(string scope) =>
        Scope.TryParse(scope, out var parsed) ? parsed : throw new ArgumentException($"\"{scope}\" is no scope, as files.upload:write is", nameof(scope));

    /// <summary>What cannot be read as a scope gives nothing, and takes nothing from the others.</summary>
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
