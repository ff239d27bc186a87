using Microsoft.Extensions.Options;

namespace AuthService.Configuration;

/// <summary>Checks of settings that several features share. A setting that is absent has no fault.</summary>
internal static class SettingChecks
{
    public static void RequirePositive(this ValidateOptionsResultBuilder faults, string setting, TimeSpan? value)
    {
        if (value <= TimeSpan.Zero)
            faults.AddError($"{setting} must be longer than zero, it is {value}");
    }

    public static void RequireInRange(this ValidateOptionsResultBuilder faults, string setting, int? value, int least, int most)
    {
        if (value < least || value > most)
            faults.AddError($"{setting} must be from {least} to {most}, it is {value}");
    }
}
