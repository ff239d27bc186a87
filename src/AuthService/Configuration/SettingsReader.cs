using System.Globalization;
using System.Reflection;

namespace AuthService.Configuration;

/// <summary>
/// Checks settings against the options class that reads them, before the framework's binder does. The binder alone drops a list entry that it cannot
/// read, and ignores a single value in the place of a list.
/// </summary>
internal static class SettingsReader
{
    /// <returns>One line for each setting that cannot be read, beginning with its key.</returns>
    public static IReadOnlyList<string> FindFaults(IConfiguration section, Type type)
    {
        var faults = new List<string>();
        if (section is IConfigurationSection named)
            Check(named, type, setting: null, faults);
        else
            CheckMembers(section, type, faults);
        return faults;
    }

    /// <returns>
    /// The keys below the section that match no option. At the root, which also holds settings of others, only keys below the sections of the type
    /// are checked.
    /// </returns>
    public static IEnumerable<string> FindUnknown(IConfiguration section, Type type)
    {
        if (SettingValue.IsSingle(type))
            return [];
        if (section is not IConfigurationSection)
            return SettingsShape.MembersOf(type).SelectMany(member => FindUnknown(section.GetSection(member.Name), member.PropertyType));
        if (SettingsShape.EntryOf(type) is { } entry)
            return section.GetChildren().SelectMany(child => FindUnknown(child, entry));
        return section.GetChildren().SelectMany(child => SettingsShape.FindMember(type, child.Key) is { } known
            ? FindUnknown(child, known.PropertyType)
            : [child.Path]);
    }

    private static void Check(IConfigurationSection section, Type type, PropertyInfo? setting, List<string> faults)
    {
        if (SettingValue.IsSingle(type))
        {
            if (FindFault(section, type, setting) is { } fault)
                faults.Add($"{section.Path} {fault}");
            return;
        }

        var entry = SettingsShape.EntryOf(type);
        if (!string.IsNullOrEmpty(section.Value))
            faults.Add($"{section.Path} is no single value: write {section.Path}:{NameBelow(type, entry)}");
        if (entry is null)
            CheckMembers(section, type, faults);
        else
            CheckEntries(section, entry, isNumbered: !SettingsShape.IsDictionary(type), faults);
    }

    private static void CheckMembers(IConfiguration section, Type type, List<string> faults)
    {
        foreach (var member in SettingsShape.MembersOf(type))
        {
            if (section.GetChildren().FirstOrDefault(child => member.IsCalled(child.Key)) is { } given)
                Check(given, member.PropertyType, member, faults);
        }
    }

    private static void CheckEntries(IConfigurationSection list, Type entry, bool isNumbered, List<string> faults)
    {
        foreach (var child in list.GetChildren())
        {
            if (isNumbered && !int.TryParse(child.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _))
                faults.Add($"{child.Path} is not numbered: write {list.Path}:0, {list.Path}:1 and so on");
            else
                Check(child, entry, setting: null, faults);
        }
    }

    private static string NameBelow(Type type, Type? entry)
    {
        if (entry is null)
            return SettingsShape.MembersOf(type).First().Name;
        return SettingsShape.IsDictionary(type) ? "NAME" : "0";
    }

    private static string? FindFault(IConfigurationSection section, Type type, PropertyInfo? setting)
    {
        if (section.GetChildren().FirstOrDefault() is { } below)
            return $"is one value, and {below.Path} is given";
        if (string.IsNullOrWhiteSpace(section.Value))
            return type == typeof(string) && setting is not null ? null : "is empty: give it a value, or take it away";
        var isSecret = setting?.GetCustomAttribute<SecretAttribute>() is not null;
        if (SettingValue.FindFault(type, section.Value) is { } wanted)
            return $"must be {wanted}{(isSecret ? "" : $", it is {SettingValue.Show(section.Value)}")}";
        return setting?.GetCustomAttribute<DurationAttribute>() is { } bounds ? FindFault(DurationText.Parse(section.Value), bounds) : null;
    }

    private static string? FindFault(TimeSpan duration, DurationAttribute bounds)
    {
        var text = $"it is {DurationText.ToWords(duration)} ({duration:c})";
        if (duration < bounds.AtLeast)
            return $"must be at least {DurationText.ToWords(bounds.AtLeast)}, {text}";
        return duration > bounds.AtMost ? $"must be at most {DurationText.ToWords(bounds.AtMost)}, {text}" : null;
    }
}
