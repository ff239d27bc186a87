using System.Reflection;
using System.Security.Claims;
using AuthService.Api.Http.Limits;
using AuthService.Applications;

namespace AuthService.Api.Http.Callers;

/// <summary>A consumer of an application, with an app token that holds.</summary>
internal sealed class AppTokenCaller(VerifiedAppToken verified) : ClaimsIdentity("Bearer"), IBindableFromHttpContext<AppTokenCaller>
{
    public AppTokenRecord Token { get; } = verified.Token;

    public Application Application { get; } = verified.Application;

    /// <summary>Whose budget of calls this is (see <see cref="RateLimits"/>).</summary>
    public override string Name => Application.Id;

    /// <summary>Only for routes that ask for <see cref="Policies.AppTokens"/>.</summary>
    public static ValueTask<AppTokenCaller?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        ValueTask.FromResult<AppTokenCaller?>((AppTokenCaller)context.User.Identity!);
}
