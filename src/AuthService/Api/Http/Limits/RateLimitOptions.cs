using AuthService.Configuration;
using Microsoft.Extensions.Options;

namespace AuthService.Api.Http.Limits;

/// <summary>Section <c>RateLimits</c>: how often one may call. Each instance counts for itself.</summary>
internal sealed class RateLimitOptions : IWarnsOfWeakness
{
    public const string Section = "RateLimits";
    public const int Most = 1_000_000;

    /// <summary>More than the processes of one service are answered: ten thousand of them, and each begins anew with its next poll.</summary>
    public static readonly CallBudget PollsOfService = new(20_000, TimeSpan.FromSeconds(1));

    public bool Enabled { get; set; } = true;

    /// <summary>Sign-ins of one IP address in a minute, the right ones included.</summary>
    public int LoginPerIpPerMinute { get; set; } = 30;

    /// <summary>Calls of one IP address in a second that carry no access token which holds.</summary>
    public int PerIpPerSecond { get; set; } = 100;

    /// <summary>Questions of one IP address in a second whether the service is well (<c>/health</c>): more than any orchestrator asks.</summary>
    public int ProbesPerIpPerSecond { get; set; } = 100;

    /// <summary>Calls of one person or provider in a second, on all APIs together, in the long run.</summary>
    public int PerUserPerSecond { get; set; } = 20;

    /// <summary>How many calls a person or provider may make at once.</summary>
    public int PerUserBurst { get; set; } = 100;

    /// <summary>The same in the long run for a service or an administrator.</summary>
    public int PerServicePerSecond { get; set; } = 1_000;

    /// <summary>How many calls a service or an administrator may make at once.</summary>
    public int PerServiceBurst { get; set; } = 5_000;

    /// <summary>Calls of one service, or of one application's tokens, in a second where a surface limits its callers.</summary>
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
