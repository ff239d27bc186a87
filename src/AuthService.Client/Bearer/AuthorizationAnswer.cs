using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;

namespace AuthService.Client.Bearer;

/// <summary>
/// Answers refused requests. The framework answers 401 to callers without an identity and 403 to the others. This adds 503 when the token cannot be
/// checked at this moment, and 401 when nothing but a fresh proof is missing (RFC 9470).
/// </summary>
internal sealed class AuthorizationAnswer : IAuthorizationMiddlewareResultHandler
{
    private readonly AuthorizationMiddlewareResultHandler _usual = new();

    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (!authorizeResult.Succeeded && UncheckedToken.IsIn(context) && Accepts(policy))
        {
            UncheckedToken.Answer(context.Response);
            return Task.CompletedTask;
        }

        if (FindMaxAge(authorizeResult) is not { } maxAge)
            return _usual.HandleAsync(next, context, policy, authorizeResult);
        var seconds = Math.Floor(maxAge.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.WWWAuthenticate = $"Bearer error=\"insufficient_user_authentication\", max_age=\"{seconds}\"";
        return Task.CompletedTask;
    }

    /// <summary>Returns whether the policy accepts AuthService's tokens. A policy without schemes uses the default one.</summary>
    private static bool Accepts(AuthorizationPolicy policy) =>
        policy.AuthenticationSchemes.Count == 0 || policy.AuthenticationSchemes.Contains(AuthServiceBearer.SchemeName, StringComparer.Ordinal);

    private static TimeSpan? FindMaxAge(PolicyAuthorizationResult result)
    {
        if (result is not { Forbidden: true, AuthorizationFailure: { FailCalled: false, FailedRequirements: var failed } })
            return null;
        var missing = failed.OfType<FreshSignIn>().ToArray();
        return missing.Length > 0 && missing.Length == failed.Count() ? missing.Min(fresh => fresh.MaxAge) : null;
    }
}
