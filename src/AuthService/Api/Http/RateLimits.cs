using Microsoft.Extensions.Options;

namespace AuthService.Api.Http;

/// <summary>Metadata of an endpoint where passwords are judged: an address has fewer calls of it.</summary>
internal sealed class JudgesPasswords
{
    public static readonly JudgesPasswords Metadata = new();

    private JudgesPasswords()
    {
    }
}

/// <summary>
/// Takes each call of a surface from a budget: from the caller's where the credentials hold and the surface limits its
/// callers, from the address's where they do not hold or none were asked for.
/// </summary>
internal sealed class RateLimits(IOptionsMonitor<RateLimitOptions> options, TimeProvider clock)
{
    private readonly CallCounters _signInsOfAddresses = new(clock);
    private readonly CallCounters _callsOfAddresses = new(clock);
    private readonly CallCounters _callsOfCallers = new(clock);

    /// <returns>Null when the call may go on; otherwise how long to wait before another.</returns>
    public TimeSpan? TryTake(HttpContext context)
    {
        if (options.CurrentValue is not { Enabled: true } limits || context.GetEndpoint()?.Metadata is not { } metadata)
            return null;
        if (metadata.GetMetadata<Surface>() is not { } surface)
            return null; // the probes of an orchestrator
        var address = AddressKey.Of(context.Connection.RemoteIpAddress, stackalloc byte[AddressKey.BufferSize]);
        var wait = context.User.Identity is { IsAuthenticated: true, Name: { } caller }
            ? surface.LimitsCallers ? _callsOfCallers.TryTake(caller, limits.CallsOfCaller) : null
            : _callsOfAddresses.TryTake(address, limits.CallsOfAddress);
        return wait is null && metadata.GetMetadata<JudgesPasswords>() is not null ? _signInsOfAddresses.TryTake(address, limits.SignInsOfAddress) : wait;
    }
}

internal static class RateLimiting
{
    public static IServiceCollection AddRateLimits(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<RateLimitOptions>().Bind(configuration.GetSection(RateLimitOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<RateLimitOptions>, RateLimitOptionsValidator>();
        return services.AddSingleton<RateLimits>();
    }

    /// <summary>After authentication, which finds out who calls, and before authorization, which would answer 401.</summary>
    public static IApplicationBuilder UseRateLimits(this IApplicationBuilder app)
    {
        var limits = app.ApplicationServices.GetRequiredService<RateLimits>();
        var errors = app.ApplicationServices.GetRequiredService<ErrorWriter>();
        return app.Use((context, next) => limits.TryTake(context) is { } wait
            ? errors.WriteAsync(context, ApiError.FromStatus(StatusCodes.Status429TooManyRequests) with { RetryAfter = wait })
            : next(context));
    }
}
