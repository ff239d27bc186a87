using AuthService.Configuration;
using Microsoft.Extensions.Options;

namespace AuthService.Audit;

/// <summary>Section <c>Audit</c>: how long audit entries are kept.</summary>
internal sealed class AuditOptions
{
    public const string Section = "Audit";

    /// <summary>How long entries are kept. By default about a year and a month, so that last year's entries can be compared with this year's.</summary>
    [Duration("36525.00:00:00")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(400);
}

internal sealed class AuditOptionsValidator : IValidateOptions<AuditOptions>
{
    public ValidateOptionsResult Validate(string? name, AuditOptions options)
    {
        var faults = new ValidateOptionsResultBuilder();
        faults.RequirePositive($"{AuditOptions.Section}:{nameof(options.Retention)}", options.Retention);
        return faults.Build();
    }
}
