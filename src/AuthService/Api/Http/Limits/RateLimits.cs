using System.Security.Principal;
using AuthService.Api.Http.Callers;
using AuthService.Api.Http.Errors;
using AuthService.Configuration;
using AuthService.Principals;
using AuthService.Refusals;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace AuthService.Api.Http.Limits;

/// <summary>Metadata of an endpoint where passwords are judged: an address has fewer calls of it.</summary>
internal sealed record ChecksPasswords
{
    public static readonly ChecksPasswords Metadata = new();
}

/// <summary>Metadata of an endpoint that an orchestrator asks whether the service is well: an address has a budget for these alone.</summary>
internal sealed record ProbesHealth
{
    public static readonly ProbesHealth Metadata = new();
}

/// <summary>Metadata of an endpoint that every process of a service polls, and that waits with its answers: a service has a budget for it alone.</summary>
internal sealed record WaitsWithAnswers
{
    public static readonly WaitsWithAnswers Metadata = new();
}

/// <summary>
/// Takes each call of a surface from a budget: from the caller's where the credentials are valid, and from that of the
/// surface where it limits its callers; from the address's where they are not valid or none were asked for.
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
    /// Before a credential is checked, which costs a signature or a query: an address that has used up its budget is
    /// refused, unless the credential was valid a moment ago. Takes nothing.
    /// </summary>
    /// <returns>Null when the call may go on; otherwise how long to wait before another.</returns>
    public TimeSpan? FindWait(HttpContext context)
    {
        if (options.CurrentValue is not { Enabled: true } limits || context.GetEndpoint()?.Metadata is not { } metadata)
            return null;
        if (metadata.GetMetadata<Surface>() is null || metadata.GetMetadata<IAuthorizeData>() is null)
            return null; // nothing is checked before the call is taken from a budget
        var address = AddressKey.Of(context.Connection.RemoteIpAddress, stackalloc byte[AddressKey.BufferSize]);
        var wait = _callsOfAddresses.FindWait(address, limits.CallsOfAddress);
        return wait is not null && context.Request.Headers.Authorization is [{ } credential] && _recent.Contains(credential) ? null : wait;
    }

    /// <returns>Null when the call may go on; otherwise how long to wait before another.</returns>
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

    /// <summary>For what is no endpoint of a surface.</summary>
    /// <returns><inheritdoc cref="TryTake(HttpContext)" path="/returns"/></returns>
    public TimeSpan? TryTakeOfAddress(HttpContext context) => options.CurrentValue is { Enabled: true } limits
        ? _callsOfAddresses.TryTake(AddressKey.Of(context.Connection.RemoteIpAddress, stackalloc byte[AddressKey.BufferSize]), limits.CallsOfAddress)
        : null;

    private TimeSpan? TryTake(IIdentity caller, string name, Surface surface, bool isPoll, RateLimitOptions limits)
    {
        var isUser = caller is Caller { Principal.Role: Role.User or Role.Provider };
        if (isPoll && !isUser)
            return _pollsOfServices.TryTake(name, RateLimitOptions.PollsOfService);
        var budget = isUser ? limits.CallsOfUser : limits.CallsOfService;
        return _callsOfPrincipals.TryTake(name, budget) ?? (surface.LimitsCallers ? _callsOfCallers.TryTake(name, limits.CallsOfCaller) : null);
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

    /// <summary>Before authentication, which costs more than a refusal.</summary>
    public static IApplicationBuilder UseAddressLimits(this IApplicationBuilder app) => app.UseBudget(static limits => limits.FindWait);

    /// <summary>After authentication, which finds out who calls, and before authorization, which would answer 401.</summary>
    public static IApplicationBuilder UseRateLimits(this IApplicationBuilder app) => app.UseBudget(static limits => limits.TryTake);

    /// <summary>For what is no endpoint of a surface.</summary>
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
