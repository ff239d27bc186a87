using Microsoft.Extensions.Options;

namespace AuthService.Api.Http;

/// <summary>Section <c>RateLimits</c>: how often one may call. Each instance counts for itself.</summary>
internal sealed class RateLimitOptions
{
    public const string Section = "RateLimits";
    public const int Most = 1_000_000;

    public bool Enabled { get; set; } = true;

    /// <summary>Sign-ins of one IP address in a minute, the right ones included.</summary>
    public int LoginPerIpPerMinute { get; set; } = 30;

    /// <summary>Calls of one IP address in a second that carry no access token which holds.</summary>
    public int PerIpPerSecond { get; set; } = 100;

    /// <summary>Calls of one service, or of one application's tokens, in a second where a surface limits its callers.</summary>
    public int ApiPerCallerPerSecond { get; set; } = 100;

    public CallBudget SignInsOfAddress => new(LoginPerIpPerMinute, TimeSpan.FromMinutes(1));

    public CallBudget CallsOfAddress => new(PerIpPerSecond, TimeSpan.FromSeconds(1));

    public CallBudget CallsOfCaller => new(ApiPerCallerPerSecond, TimeSpan.FromSeconds(1));
}

internal sealed class RateLimitOptionsValidator : IValidateOptions<RateLimitOptions>
{
    public ValidateOptionsResult Validate(string? name, RateLimitOptions options)
    {
        var faults = new[]
        {
            (Key: nameof(options.LoginPerIpPerMinute), Value: options.LoginPerIpPerMinute),
            (Key: nameof(options.PerIpPerSecond), Value: options.PerIpPerSecond),
            (Key: nameof(options.ApiPerCallerPerSecond), Value: options.ApiPerCallerPerSecond),
        }
            .Where(limit => limit.Value is < 1 or > RateLimitOptions.Most)
            .Select(limit => $"{RateLimitOptions.Section}:{limit.Key} must be from 1 to {RateLimitOptions.Most}, it is {limit.Value}")
            .ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
