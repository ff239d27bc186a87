using System.Reflection;
using System.Security.Claims;
using AuthService.Audit;
using AuthService.Principals;
using AuthService.Sessions;

namespace AuthService.Api.Http;

/// <summary>Who calls with an access token that holds, and from where. Only for routes that ask for a policy.</summary>
internal sealed class Caller(VerifiedToken verified, ClientInfo client) : ClaimsIdentity("Bearer"), IBindableFromHttpContext<Caller>
{
    public VerifiedToken Verified { get; } = verified;

    public Principal Principal => Verified.Principal;

    /// <summary>Whose budget of calls this is (see <see cref="RateLimits"/>).</summary>
    public override string Name => Principal.Id;

    public Guid? SessionId => Verified.Token.SessionId;

    /// <summary>For the audit row of what the caller is about to do.</summary>
    public Deed Deed => new((Verified.Actor ?? Principal).Id, client.IpAddress);

    public static ValueTask<Caller?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        ValueTask.FromResult<Caller?>((Caller)context.User.Identity!);
}
