using System.Reflection;
using System.Security.Claims;
using AuthService.Api.Http.Limits;
using AuthService.Applications;

namespace AuthService.Api.Http.Callers;

/// <summary>A consumer of an application, authenticated by a valid app token.</summary>
internal sealed class AppTokenCaller(VerifiedAppToken verified) : ClaimsIdentity("Bearer"), IBindableFromHttpContext<AppTokenCaller>
{
    public AppTokenRecord Token { get; } = verified.Token;

    public Application Application { get; } = verified.Application;

    /// <summary>The name by which calls are limited and refusals recorded (see <see cref="RateLimits"/>).</summary>
    public override string Name => Application.Id;

    /// <summary>Binds the caller, on routes with the policy <see cref="Policies.AppTokens"/> only.</summary>
    public static ValueTask<AppTokenCaller?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        ValueTask.FromResult<AppTokenCaller?>((AppTokenCaller)context.User.Identity!);
}
