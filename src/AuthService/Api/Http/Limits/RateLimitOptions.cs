using AuthService.Configuration;
using Microsoft.Extensions.Options;

namespace AuthService.Api.Http.Limits;

/// <summary>Section <c>RateLimits</c>: how many calls are allowed. Each instance counts separately.</summary>
internal sealed class RateLimitOptions : IWarnsOfWeakness
{
    public const string Section = "RateLimits";
    public const int Most = 1_000_000;

    /// <summary>The budget for the polls of one service. It is more than ten thousand processes use that each poll again after every response.</summary>
    public static readonly CallBudget PollsOfService = new(20_000, TimeSpan.FromSeconds(1));

    public bool Enabled { get; set; } = true;

    /// <summary>The number of sign-ins from one IP address in a minute, including successful ones.</summary>
    public int LoginPerIpPerMinute { get; set; } = 30;

    /// <summary>The number of calls from one IP address in a second that have no valid access token.</summary>
    public int PerIpPerSecond { get; set; } = 100;

    /// <summary>The number of health checks (<c>/health</c>) from one IP address in a second. It is more than any orchestrator needs.</summary>
    public int ProbesPerIpPerSecond { get; set; } = 100;

    /// <summary>The number of calls of one person or provider in a second, on all APIs together, on average.</summary>
    public int PerUserPerSecond { get; set; } = 20;

    /// <summary>The number of calls that a person or provider may make at once.</summary>
    public int PerUserBurst { get; set; } = 100;

    /// <summary>The number of calls of one service or administrator in a second, on all APIs together, on average.</summary>
    public int PerServicePerSecond { get; set; } = 1_000;

    /// <summary>The number of calls that a service or administrator may make at once.</summary>
    public int PerServiceBurst { get; set; } = 5_000;

    /// <summary>The number of calls of one service, or of the tokens of one application, in a second, on an API that limits its callers.</summary>
    public int ApiPerCallerPerSecond { get; set; } = 100;

    public CallBudget SignInsOfAddress => new(LoginPerIpPerMinute, TimeSpan.FromMinutes(1));

    public CallBudget CallsOfAddress => new(PerIpPerSecond, TimeSpan.FromSeconds(1));

    public CallBudget ProbesOfAddress => new(ProbesPerIpPerSecond, TimeSpan.FromSeconds(1));

    public CallBudget CallsOfUser => Create(PerUserPerSecond, PerUserBurst);

    public CallBudget CallsOfService => Create(PerServicePerSecond, PerServiceBurst);

    public CallBudget CallsOfCaller => new(ApiPerCallerPerSecond, TimeSpan.FromSeconds(1));

    public IEnumerable<string> FindWeaknesses() => Enabled ? [] : [$"{Section}:{nameof(Enabled)} is false: nothing slows guessing and floods down"];

    private static CallBudget Create(int perSecond, int burst) => new(burst, TimeSpan.FromSeconds((double)burst / perSecond));
}

internal sealed class RateLimitOptionsValidator : IValidateOptions<RateLimitOptions>
{
    public ValidateOptionsResult Validate(string? name, RateLimitOptions options)
    {
        var faults = new ValidateOptionsResultBuilder();
        Check(nameof(options.LoginPerIpPerMinute), options.LoginPerIpPerMinute);
        Check(nameof(options.PerIpPerSecond), options.PerIpPerSecond);
        Check(nameof(options.ProbesPerIpPerSecond), options.ProbesPerIpPerSecond);
        Check(nameof(options.PerUserPerSecond), options.PerUserPerSecond);
        Check(nameof(options.PerUserBurst), options.PerUserBurst);
        Check(nameof(options.PerServicePerSecond), options.PerServicePerSecond);
        Check(nameof(options.PerServiceBurst), options.PerServiceBurst);
        Check(nameof(options.ApiPerCallerPerSecond), options.ApiPerCallerPerSecond);
        return faults.Build();

        void Check(string setting, int limit) => faults.RequireInRange($"{RateLimitOptions.Section}:{setting}", limit, 1, RateLimitOptions.Most);
    }
}
