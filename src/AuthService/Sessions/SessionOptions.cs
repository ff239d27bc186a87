using AuthService.Configuration;
using Microsoft.Extensions.Options;

namespace AuthService.Sessions;

/// <summary>Section <c>Sessions</c>: the idle time-out and the lifetime of sessions, and what may be done with them.</summary>
internal sealed class SessionOptions
{
    public const string Section = "Sessions";

    [Duration("1830.00:00:00")]
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromDays(14);

    [Duration("1830.00:00:00")]
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromDays(30);

    [Duration("1830.00:00:00")]
    public TimeSpan PublicComputerIdleTimeout { get; set; } = TimeSpan.FromMinutes(30);

    [Duration("1830.00:00:00")]
    public TimeSpan PublicComputerLifetime { get; set; } = TimeSpan.FromHours(8);

    /// <summary>How long a proof of identity counts as fresh, for changes that require a fresh one (RFC 9470).</summary>
    [Duration("1830.00:00:00")]
    public TimeSpan FreshFor { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>The domains for which an internal service may open a session with a cookie.</summary>
    public IList<string> CookieDomains { get; } = [];

    /// <summary>Products for which sessions can be enabled, beside <see cref="EquisoftConnect"/>.</summary>
    public IList<string> Products { get; } = [];

    /// <summary>
    /// The ids of services, in any letter case, that may read the stored tokens of other services when the value is <c>true</c>. Each service may read its own.
    /// </summary>
    public Dictionary<string, bool> TokenReaders { get; } = new(StringComparer.OrdinalIgnoreCase);

    public const string EquisoftConnect = "EQUISOFT_CONNECT";

    public bool Knows(string product) => product == EquisoftConnect || Products.Contains(product);
}

internal sealed class SessionOptionsValidator : IValidateOptions<SessionOptions>
{
    public ValidateOptionsResult Validate(string? name, SessionOptions options)
    {
        var faults = new ValidateOptionsResultBuilder();
        faults.RequirePositive(Key(nameof(options.IdleTimeout)), options.IdleTimeout);
        faults.RequirePositive(Key(nameof(options.Lifetime)), options.Lifetime);
        faults.RequirePositive(Key(nameof(options.PublicComputerIdleTimeout)), options.PublicComputerIdleTimeout);
        faults.RequirePositive(Key(nameof(options.PublicComputerLifetime)), options.PublicComputerLifetime);
        faults.RequirePositive(Key(nameof(options.FreshFor)), options.FreshFor);
        return faults.Build();
    }

    private static string Key(string setting) => $"{SessionOptions.Section}:{setting}";
}
