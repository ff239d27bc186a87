using Microsoft.AspNetCore.Authorization;

namespace AuthService.Client.Bearer;

/// <summary>Requires that the person proved who they are at most this long ago.</summary>
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
