using System.Security.Claims;
using AuthService.Applications;

namespace AuthService.Api.Http;

/// <summary>A consumer of an application, with an app token that holds.</summary>
internal sealed class AppTokenCaller(VerifiedAppToken verified) : ClaimsIdentity("Bearer")
{
    public Application Application { get; } = verified.Application;

    /// <summary>Whose budget of calls this is (see <see cref="RateLimits"/>).</summary>
    public override string Name => Application.Id;
}
