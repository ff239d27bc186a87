using System.Globalization;

namespace AuthService.Configuration;

/// <summary>A setting whose value is never shown, not even a wrong one.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SecretAttribute : Attribute;

/// <summary>A setting that is read once: a change counts from the next start.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ReadAtStartAttribute : Attribute;

/// <summary>The bounds of a duration, both of them allowed; written as in the settings.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DurationAttribute(string atMost, string? atLeast = null) : Attribute
{
    public TimeSpan AtMost { get; } = TimeSpan.ParseExact(atMost, "c", CultureInfo.InvariantCulture);

    /// <summary>Left to the section's validator when it is not given.</summary>
    public TimeSpan AtLeast { get; } = atLeast is null ? TimeSpan.MinValue : TimeSpan.ParseExact(atLeast, "c", CultureInfo.InvariantCulture);
}
