using System.Collections;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Options;

namespace AuthService.Configuration;

/// <summary>Summarizes the settings in use in words, for the log of the start and the command <c>doctor</c>.</summary>
internal sealed class SettingsSummary(IEnumerable<SettingsSection> sections, IServiceProvider services)
{
    /// <summary>The durations, each with its key: <c>Jwt:AccessTokenLifetime 10 minutes</c>.</summary>
    public IEnumerable<string> Durations =>
        Read().SelectMany(section => DurationsBelow((section.Configuration as IConfigurationSection)?.Path, section.Options));

    public IEnumerable<string> Weaknesses =>
        Read().Select(section => section.Options).OfType<IWarnsOfWeakness>().SelectMany(options => options.FindWeaknesses());

    /// <summary>The keys below the sections of this service that match no setting.</summary>
    public IEnumerable<string> Unknown => sections.SelectMany(section => section.FindUnknown(sections)).Select(OneLine.Of);

    /// <summary>Reads the options of all sections. Faulty sections are left out, because their faults are already reported.</summary>
    private IEnumerable<(IConfiguration Configuration, object Options)> Read()
    {
        foreach (var section in sections.Where(section => section.FindFaults().Count == 0))
        {
            if (TryRead(section) is { } options)
                yield return (section.Configuration, options);
        }
    }

    private object? TryRead(SettingsSection section)
    {
        try
        {
            return section.Read(services);
        }
        catch (OptionsValidationException)
        {
            return null;
        }
    }

    private static IEnumerable<string> DurationsBelow(string? path, object options)
    {
        var below = path is null ? "" : $"{path}:";
        if (options is IDictionary entries)
            return entries.Keys.Cast<string>().SelectMany(name => entries[name] is { } entry and not string[]? DurationsBelow($"{below}{name}", entry) : []);
        if (options is IList numbered)
            return numbered.Cast<object>().SelectMany((entry, n) => DurationsBelow(string.Create(CultureInfo.InvariantCulture, $"{below}{n}"), entry));
        return SettingsShape.MembersOf(options.GetType()).SelectMany(member => DurationsIn($"{below}{member.Name}", member, options));
    }

    private static IEnumerable<string> DurationsIn(string path, PropertyInfo member, object options)
    {
        if (SettingValue.IsSingle(member.PropertyType))
            return member.GetValue(options) is TimeSpan duration ? [OneLine.Of($"{path} {DurationText.ToWords(duration)}")] : [];
        return SettingsShape.EntryOf(member.PropertyType) is null && member.GetValue(options) is { } section ? DurationsBelow(path, section) : [];
    }
}
