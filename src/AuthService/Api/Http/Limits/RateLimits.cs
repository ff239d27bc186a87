using System.Security.Principal;
using AuthService.Api.Http.Callers;
using AuthService.Api.Http.Errors;
using AuthService.Configuration;
using AuthService.Principals;
using AuthService.Refusals;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace AuthService.Api.Http.Limits;

/// <summary>Metadata of an endpoint that checks passwords. An address may call it less often.</summary>
internal sealed record ChecksPasswords
{
    public static readonly ChecksPasswords Metadata = new();
}

/// <summary>Metadata of an endpoint for health checks. An address has a separate budget for it.</summary>
internal sealed record ProbesHealth
{
    public static readonly ProbesHealth Metadata = new();
}

/// <summary>Metadata of an endpoint that every process of a service polls (long polls). A service has a separate budget for it.</summary>
internal sealed record WaitsWithAnswers
{
    public static readonly WaitsWithAnswers Metadata = new();
}

/// <summary>
/// Counts each call against a rate limit. With valid credentials, the caller's budget is used, and also that of the API if it limits its callers. Without valid
/// credentials, the budget of the address is used.
/// </summary>
internal sealed class RateLimits(IOptionsMonitor<RateLimitOptions> options, TimeProvider clock)
{
    private readonly CallCounters _signInsOfAddresses = new(clock);
    private readonly CallCounters _callsOfAddresses = new(clock);
    private readonly CallCounters _probesOfAddresses = new(clock);
    private readonly CallCounters _callsOfPrincipals = new(clock);
    private readonly CallCounters _callsOfCallers = new(clock);
    private readonly CallCounters _pollsOfServices = new(clock);
    private readonly RecentCredentials _recent = new(clock);

    /// <summary>
    /// Checks the budget of the address before a credential is checked, which costs a signature or a query. If the budget is used up, the call is refused
    /// unless its credential was valid a moment ago. Takes nothing from the budget.
    /// </summary>
    /// <returns>Null when the call may continue; otherwise the time to wait before another.</returns>
    public TimeSpan? FindWait(HttpContext context)
    {
        if (options.CurrentValue is not { Enabled: true } limits || context.GetEndpoint()?.Metadata is not { } metadata)
            return null;
        if (metadata.GetMetadata<Surface>() is null || metadata.GetMetadata<IAuthorizeData>() is null)
            return null; // no credential is checked before the call is taken from a budget
        var address = AddressKey.Of(context.Connection.RemoteIpAddress, stackalloc byte[AddressKey.BufferSize]);
        var wait = _callsOfAddresses.FindWait(address, limits.CallsOfAddress);
        return wait is not null && context.Request.Headers.Authorization is [{ } credential] && _recent.Contains(credential) ? null : wait;
    }

    /// <returns>Null when the call may continue; otherwise the time to wait before another.</returns>
    public TimeSpan? TryTake(HttpContext context)
    {
        if (options.CurrentValue is not { Enabled: true } limits || context.GetEndpoint()?.Metadata is not { } metadata)
            return null;
        var address = AddressKey.Of(context.Connection.RemoteIpAddress, stackalloc byte[AddressKey.BufferSize]);
        if (metadata.GetMetadata<Surface>() is not { } surface)
            return metadata.GetMetadata<ProbesHealth>() is null ? null : _probesOfAddresses.TryTake(address, limits.ProbesOfAddress);
        if (metadata.GetMetadata<IAuthorizeData>() is not null)
            Remember(context);
        var wait = context.User.Identity is { IsAuthenticated: true, Name: { } name } caller
            ? TryTake(caller, name, surface, metadata.GetMetadata<WaitsWithAnswers>() is not null, limits)
            : _callsOfAddresses.TryTake(address, limits.CallsOfAddress);
        return wait is null && metadata.GetMetadata<ChecksPasswords>() is not null ? _signInsOfAddresses.TryTake(address, limits.SignInsOfAddress) : wait;
    }

    /// <summary>Counts a call that is not to an endpoint of an API against the budget of the address.</summary>
    /// <returns><inheritdoc cref="TryTake(HttpContext)" path="/returns"/></returns>
    public TimeSpan? TryTakeOfAddress(HttpContext context) => options.CurrentValue is { Enabled: true } limits
        ? _callsOfAddresses.TryTake(AddressKey.Of(context.Connection.RemoteIpAddress, stackalloc byte[AddressKey.BufferSize]), limits.CallsOfAddress)
        : null;

    private TimeSpan? TryTake(IIdentity caller, string name, Surface surface, bool isPoll, RateLimitOptions limits)
    {
        // A person may have the id of an application, but nobody one with a line feed.
        var key = caller is AppTokenCaller ? $"application\n{name}" : name;
        var isUser = caller is Caller { Principal.Role: Role.User or Role.Provider };
        if (isPoll && !isUser)
            return _pollsOfServices.TryTake(key, RateLimitOptions.PollsOfService);
        var budget = isUser ? limits.CallsOfUser : limits.CallsOfService;
        return _callsOfPrincipals.TryTake(key, budget) ?? (surface.LimitsCallers ? _callsOfCallers.TryTake(key, limits.CallsOfCaller) : null);
    }

    private void Remember(HttpContext context)
    {
        if (context.Request.Headers.Authorization is not [{ } credential])
            return;
        if (context.User.Identity is { IsAuthenticated: true })
            _recent.Add(credential);
        else
            _recent.Remove(credential);
    }
}

internal static class RateLimiting
{
    public static IServiceCollection AddRateLimits(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<RateLimitOptions, RateLimitOptionsValidator>(configuration.GetSection(RateLimitOptions.Section));
        return services.AddSingleton<RateLimits>();
    }

    /// <summary>Runs before authentication, because that costs more than a refusal.</summary>
    public static IApplicationBuilder UseAddressLimits(this IApplicationBuilder app) => app.UseBudget(static limits => limits.FindWait);

    /// <summary>Runs after authentication, which identifies the caller, and before authorization, which would answer 401.</summary>
    public static IApplicationBuilder UseRateLimits(this IApplicationBuilder app) => app.UseBudget(static limits => limits.TryTake);

    /// <summary>Limits the calls that are not to an endpoint of an API.</summary>
    public static IApplicationBuilder UseAddressBudget(this IApplicationBuilder app) => app.UseBudget(static limits => limits.TryTakeOfAddress);

    public static void LimitProbes(this IEndpointConventionBuilder health) => health.WithMetadata(ProbesHealth.Metadata);

    private static ApiError TooManyCalls(HttpContext context, TimeSpan wait) => ApiError.FromStatus(StatusCodes.Status429TooManyRequests) with
    {
        RetryAfter = wait,
        Note = new RefusalNote(RefusalReason.BudgetUsedUp)
        {
            Principal = (context.User.Identity as Caller)?.Name,
            Facts = [RefusalFact.Of("retryAfter", wait)],
        },
    };

    private static IApplicationBuilder UseBudget(this IApplicationBuilder app, Func<RateLimits, Func<HttpContext, TimeSpan?>> choose)
    {
        var findWait = choose(app.ApplicationServices.GetRequiredService<RateLimits>());
        var errors = app.ApplicationServices.GetRequiredService<ErrorWriter>();
        return app.Use((context, next) => findWait(context) is { } wait
            ? errors.WriteAsync(context, TooManyCalls(context, wait))
            : next(context));
    }
}
