using AuthService.Configuration;
using AuthService.Storage;
using AuthService.Tokens;

namespace AuthService.ApiTests.Hosting;

/// <summary>
/// Lists all settings, read from the options classes. <see cref="EverySettingTests"/> compares them with those that the service reads. A list appears
/// with its first two entries, a dictionary with one.
/// </summary>
internal static class EverySetting
{
    /// <summary>The classes that are bound to the root. All others name their section.</summary>
    private static readonly Type[] AtRoot = [typeof(StorageOptions), typeof(PublicAddressOptions)];

    private static readonly IReadOnlyDictionary<string, Type> All = Sections().SelectMany(section => WithAllBelow(section.Path, section.Type))
        .DistinctBy(setting => setting.Key, StringComparer.OrdinalIgnoreCase).ToDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Lists each options class with its section. The section is null for the root.</summary>
    public static IEnumerable<(string? Path, Type Type)> Sections() =>
        from type in typeof(Program).Assembly.GetTypes()
        let section = type.GetField("Section")?.GetRawConstantValue() as string
        where section is not null || AtRoot.Contains(type)
        select (section, type);

    /// <summary>The settings that are not free text, each with its type.</summary>
    public static IReadOnlyDictionary<string, Type> Typed { get; } = All
        .Where(setting => SettingValue.IsSingle(setting.Value) && setting.Value != typeof(string))
        .ToDictionary(setting => setting.Key, setting => SettingValue.Plain(setting.Value), StringComparer.OrdinalIgnoreCase);

    /// <summary>The lists, dictionaries and sections.</summary>
    public static IReadOnlyCollection<string> Compound { get; } =
        [.. All.Where(setting => !SettingValue.IsSingle(setting.Value)).Select(setting => setting.Key)];

    /// <summary>The lists. Their entries have numbers.</summary>
    public static IReadOnlyCollection<string> Numbered { get; } =
    [
        .. All.Where(setting => SettingsShape.EntryOf(setting.Value) is not null && !SettingsShape.IsDictionary(setting.Value)).Select(setting => setting.Key),
    ];

    private static IEnumerable<KeyValuePair<string, Type>> WithAllBelow(string? path, Type type)
    {
        var below = path is null ? "" : $"{path}:";
        if (path is not null)
            yield return new(path, type);
        var next = SettingValue.IsSingle(type) ? [] : SettingsShape.EntryOf(type) is { } entry
            ? (SettingsShape.IsDictionary(type) ? ["name"] : new[] { "0", "1" }).Select(name => (Name: name, Type: entry))
            : SettingsShape.MembersOf(type).Select(member => (member.Name, Type: member.PropertyType));
        foreach (var setting in next.SelectMany(setting => WithAllBelow($"{below}{setting.Name}", setting.Type)))
            yield return setting;
    }
}
