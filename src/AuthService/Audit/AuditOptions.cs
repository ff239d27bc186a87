using Microsoft.Extensions.Options;

namespace AuthService.Audit;

/// <summary>Section <c>Audit</c>: how long deeds stay on record.</summary>
internal sealed class AuditOptions
{
    public const string Section = "Audit";

    /// <summary>A year and a month: last year's deeds can be compared with this year's.</summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(400);
}

internal sealed class AuditOptionsValidator : IValidateOptions<AuditOptions>
{
    public ValidateOptionsResult Validate(string? name, AuditOptions options) => options.Retention > TimeSpan.Zero
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail($"{AuditOptions.Section}:{nameof(options.Retention)} must be longer than zero, it is {options.Retention}");
}
