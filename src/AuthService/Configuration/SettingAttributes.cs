using System.Globalization;

namespace AuthService.Configuration;

/// <summary>Marks a setting of which no value is ever shown, not even a wrong one.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SecretAttribute : Attribute;

/// <summary>Marks a setting that is read once. A change takes effect at the next start.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ReadAtStartAttribute : Attribute;

/// <summary>Sets the bounds of a duration, both inclusive, written as in the settings.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DurationAttribute(string atMost, string? atLeast = null) : Attribute
{
    public TimeSpan AtMost { get; } = TimeSpan.ParseExact(atMost, "c", CultureInfo.InvariantCulture);

    /// <summary>The lower bound. When it is not given, the validator of the section checks it.</summary>
    public TimeSpan AtLeast { get; } = atLeast is null ? TimeSpan.MinValue : TimeSpan.ParseExact(atLeast, "c", CultureInfo.InvariantCulture);
}
