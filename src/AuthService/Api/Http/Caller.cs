using System.Reflection;
using System.Security.Claims;
using AuthService.Audit;
using AuthService.Principals;
using AuthService.Sessions;

namespace AuthService.Api.Http;

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

    /// <summary>For the audit row of what the caller is about to do.</summary>
    public Deed Deed => new((token?.Actor ?? Principal).Id, client.IpAddress);

    /// <summary>An API key acts in its service's role; an access token may have been narrowed.</summary>
    public bool MayActAs(params ReadOnlySpan<Role> roles) => token?.MayActAs(roles) ?? roles.Contains(Principal.Role);

    public static ValueTask<Caller?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        ValueTask.FromResult<Caller?>((Caller)context.User.Identity!);
}
