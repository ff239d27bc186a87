using Microsoft.Extensions.Options;

namespace AuthService.Sessions;

/// <summary>Section <c>Sessions</c>: how long a session lives unused and at most.</summary>
internal sealed class SessionOptions
{
    public const string Section = "Sessions";

    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromDays(14);

    public TimeSpan Lifetime { get; set; } = TimeSpan.FromDays(30);

    public TimeSpan PublicComputerIdleTimeout { get; set; } = TimeSpan.FromMinutes(30);

    public TimeSpan PublicComputerLifetime { get; set; } = TimeSpan.FromHours(8);

    /// <summary>The domains for which an internal service may open a session with a cookie.</summary>
    public IList<string> CookieDomains { get; } = [];

    /// <summary>Products for which sessions can be enabled, beside <see cref="EquisoftConnect"/>.</summary>
    public IList<string> Products { get; } = [];

    public const string EquisoftConnect = "EQUISOFT_CONNECT";

    public bool Knows(string product) => product == EquisoftConnect || Products.Contains(product);
}

/// <summary>The two time limits of one session.</summary>
internal readonly record struct SessionLimits(TimeSpan IdleTimeout, TimeSpan Lifetime)
{
    /// <summary>A public computer only ever shortens what would otherwise hold.</summary>
    public static SessionLimits From(SessionOptions options, bool publicComputer, TimeSpan? ownIdleTimeout = null, TimeSpan? ownLifetime = null)
    {
        var limits = new SessionLimits(ownIdleTimeout ?? options.IdleTimeout, ownLifetime ?? options.Lifetime);
        return publicComputer
            ? new SessionLimits(Shorter(limits.IdleTimeout, options.PublicComputerIdleTimeout), Shorter(limits.Lifetime, options.PublicComputerLifetime))
            : limits;
    }

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;
}

internal sealed class SessionOptionsValidator : IValidateOptions<SessionOptions>
{
    public ValidateOptionsResult Validate(string? name, SessionOptions options)
    {
        var faults = new List<string>();
        RequirePositive(options.IdleTimeout, nameof(options.IdleTimeout), faults);
        RequirePositive(options.Lifetime, nameof(options.Lifetime), faults);
        RequirePositive(options.PublicComputerIdleTimeout, nameof(options.PublicComputerIdleTimeout), faults);
        RequirePositive(options.PublicComputerLifetime, nameof(options.PublicComputerLifetime), faults);
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static void RequirePositive(TimeSpan value, string setting, List<string> faults)
    {
        if (value <= TimeSpan.Zero)
            faults.Add($"{SessionOptions.Section}:{setting} must be longer than zero, it is {value}");
    }
}
