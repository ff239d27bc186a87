using System.Reflection;
using System.Security.Claims;
using AuthService.Api.Http.Limits;
using AuthService.Audit;
using AuthService.Principals;
using AuthService.Sessions;
using AuthService.Sessions.AccessTokens;

namespace AuthService.Api.Http.Callers;

/// <summary>Who calls, with an access token or an API key that holds, and from where. Only for routes that ask for a policy.</summary>
/// <param name="principal">For whom the call is made.</param>
/// <param name="token">The access token; null when an API key was shown.</param>
/// <param name="client">Where the call comes from.</param>
internal sealed class Caller(Principal principal, VerifiedToken? token, ClientInfo client) : ClaimsIdentity("Bearer"), IBindableFromHttpContext<Caller>
{
    public Principal Principal { get; } = principal;

    public bool HasAccessToken => token is not null;

    /// <summary>Only for routes whose policy asks for one.</summary>
    public VerifiedToken AccessToken => token ?? throw new InvalidOperationException("An API key is no access token");

    public Guid? SessionId => token?.Token.SessionId;

    /// <summary>Whose budget of calls this is (see <see cref="RateLimits"/>).</summary>
    public override string Name => Principal.Id;

    /// <summary>For the audit row of what the caller is about to do, and for the check that they still may when it is written.</summary>
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

    /// <summary>How sessions end that the caller revokes as their person.</summary>
    public EndReason OwnRevocation => token?.Actor is null ? EndReason.RevokedByOwner : EndReason.RevokedByAdministrator;

    /// <summary>How sessions end that the caller revokes for others.</summary>
    public EndReason OthersRevocation => Principal.Type is PrincipalType.Person ? EndReason.RevokedByAdministrator : EndReason.RevokedByService;

    /// <summary>What the access token covers; none for an API key, which has no scopes.</summary>
    public IReadOnlyList<string> Scopes => token?.Token.Scopes ?? [];

    /// <summary>The API key that was shown instead of an access token.</summary>
    public Guid? ApiKeyId { get; init; }

    public HashingCaller HashingCaller => client.HashingCaller;

    /// <summary>True for a person of whom the deployment demands a second factor, in a session that was begun without one.</summary>
    public bool OwesSecondFactor { get; init; }

    /// <summary>The session of the access token; null for an API key and for a service's own token.</summary>
    public SessionWithPrincipals? Session => token?.Owned;

    /// <summary>An API key acts in its service's role; an access token may have been narrowed.</summary>
    public bool MayActAs(params ReadOnlySpan<Role> roles) => token?.MayActAs(roles) ?? roles.Contains(Principal.Role);

    public static ValueTask<Caller?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        ValueTask.FromResult<Caller?>((Caller)context.User.Identity!);
}
