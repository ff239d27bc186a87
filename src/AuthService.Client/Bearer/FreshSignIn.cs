using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;

namespace AuthService.Client.Bearer;

/// <summary>That the person proved who they are at most this long ago.</summary>
internal sealed record FreshSignIn(TimeSpan MaxAge) : IAuthorizationRequirement;

internal sealed class FreshSignInHandler(TimeProvider clock) : AuthorizationHandler<FreshSignIn>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, FreshSignIn requirement)
    {
        if (context.User.GetActor() is null && context.User.GetAuthenticatedAt() >= clock.GetUtcNow() - requirement.MaxAge)
            context.Succeed(requirement);
        return Task.CompletedTask;
    }
}

/// <summary>Answers 401 where nothing but a fresh proof is missing; the framework knows only 403 for a caller who is signed in.</summary>
internal sealed class FreshSignInAnswer : IAuthorizationMiddlewareResultHandler
{
    private readonly AuthorizationMiddlewareResultHandler _usual = new();

    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (FindMaxAge(authorizeResult) is not { } maxAge)
            return _usual.HandleAsync(next, context, policy, authorizeResult);
        var seconds = Math.Floor(maxAge.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.WWWAuthenticate = $"Bearer error=\"insufficient_user_authentication\", max_age=\"{seconds}\"";
        return Task.CompletedTask;
    }

    private static TimeSpan? FindMaxAge(PolicyAuthorizationResult result)
    {
        if (result is not { Forbidden: true, AuthorizationFailure: { FailCalled: false, FailedRequirements: var failed } })
            return null;
        var missing = failed.OfType<FreshSignIn>().ToArray();
        return missing.Length > 0 && missing.Length == failed.Count() ? missing.Min(fresh => fresh.MaxAge) : null;
    }
}
