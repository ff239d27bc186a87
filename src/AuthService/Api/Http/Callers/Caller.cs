using System.Reflection;
using System.Security.Claims;
using AuthService.Api.Http.Limits;
using AuthService.Audit;
using AuthService.Principals;
using AuthService.Principals.Passwords;
using AuthService.Sessions;
using AuthService.Sessions.AccessTokens;
using AuthService.Sessions.Revoking;

namespace AuthService.Api.Http.Callers;

/// <summary>The authenticated caller, with a valid access token or API key. It exists only on routes that have a policy.</summary>
/// <param name="principal">The principal that the call acts as.</param>
/// <param name="token">The access token; null when the call came with an API key.</param>
/// <param name="client">The address and headers of the call.</param>
internal sealed class Caller(Principal principal, VerifiedToken? token, ClientInfo client) : ClaimsIdentity("Bearer"), IBindableFromHttpContext<Caller>
{
    public Principal Principal { get; } = principal;

    public bool HasAccessToken => token is not null;

    /// <summary>The access token. It can be used only on routes with a policy that requires one.</summary>
    public VerifiedToken AccessToken => token ?? throw new InvalidOperationException("An API key is no access token");

    public Guid? SessionId => token?.Token.SessionId;

    /// <summary>The key of the rate limit that counts this call (see <see cref="RateLimits"/>).</summary>
    public override string Name => Principal.Id;

    /// <summary>The actor for audit entries. It also holds what is checked at the time of writing: whether the caller is still allowed to act.</summary>
    public AuditActor AuditActor => new((token?.Actor ?? Principal).Id, client.IpAddress)
    {
        SessionId = SessionId,
        ApiKeyId = ApiKeyId,
        Entitlement = new Entitlement(Principal.Number, Principal.SecurityStamp)
        {
            SessionId = token?.Session?.Id,
            ApiKeyId = ApiKeyId ?? token?.Token.ApiKeyId,
            Impersonator = token?.Actor is { } administrator ? new Entitlement(administrator.Number, administrator.SecurityStamp) : null,
        },
    };

    /// <summary>The end reason of sessions that the caller revokes as their owner.</summary>
    public EndReason OwnRevocation => token?.Actor is null ? EndReason.RevokedByOwner : EndReason.RevokedByAdministrator;

    /// <summary>The end reason of sessions that the caller revokes for somebody else.</summary>
    public EndReason OthersRevocation => Principal.Type is PrincipalType.Person ? EndReason.RevokedByAdministrator : EndReason.RevokedByService;

    /// <summary>The scopes of the access token; empty for an API key, which has none.</summary>
    public IReadOnlyList<string> Scopes => token?.Token.Scopes ?? [];

    /// <summary>The API key that the call came with; null when it came with an access token.</summary>
    public Guid? ApiKeyId { get; init; }

    public HashingCaller HashingCaller => client.HashingCaller;

    /// <summary>Whether the deployment requires a second factor of this person, and the session began without one.</summary>
    public bool OwesSecondFactor { get; init; }

    /// <summary>The session of the access token; null for an API key and for a service's own token.</summary>
    public SessionWithPrincipals? Session => token?.Owned;

    /// <summary>
    /// Returns whether the caller may act in one of the roles. An API key has the role of its service; an access token may have been narrowed.
    /// </summary>
    public bool MayActAs(params ReadOnlySpan<Role> roles) => token?.MayActAs(roles) ?? roles.Contains(Principal.Role);

    public static ValueTask<Caller?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        ValueTask.FromResult<Caller?>((Caller)context.User.Identity!);
}
