using AuthService.Configuration;
using AuthService.Storage;

namespace AuthService.ApiTests.Hosting;

/// <summary>The settings that there are, read off the options classes, so that none is forgotten.</summary>
internal static class EverySetting
{
    /// <summary>Those that are no free text, with the kind of each; a list by its first two indexes, a dictionary by one name.</summary>
    public static IReadOnlyDictionary<string, Type> Typed { get; } = All().Where(setting => setting.Type != typeof(string))
        .ToDictionary(setting => setting.Key, setting => setting.Type, StringComparer.OrdinalIgnoreCase);

    /// <summary>Those that are lists or dictionaries.</summary>
    public static IReadOnlyCollection<string> Lists { get; } =
    [
        "Jwt:SigningKeys", "Encryption:Keys", "Origins:Trusted", "LoginServices", "Sessions:CookieDomains", "Sessions:Products", "Passkeys:Origins",
        "Extension:Policies", "ReverseProxy:KnownProxies", "ReverseProxy:KnownNetworks", "Webhooks:AllowedNetworks",
        "IdentityProviders",
    ];

    private static IEnumerable<(string Key, Type Type)> All() =>
        from type in typeof(Program).Assembly.GetTypes()
        where type.Name.EndsWith("Options", StringComparison.Ordinal) && type.Namespace!.StartsWith("AuthService", StringComparison.Ordinal)
        let section = type.GetField("Section")?.GetRawConstantValue() as string
        where section is not null || type == typeof(StorageOptions)
        from setting in Below(section, type)
        select setting;

    private static IEnumerable<(string Key, Type Type)> Below(string? path, Type type)
    {
        if (SettingValue.IsSingle(type))
            return [(path!, SettingValue.Plain(type))];
        if (SettingsShape.EntryOf(type) is { } entry)
            return (SettingsShape.IsDictionary(type) ? ["name"] : new[] { "0", "1" }).SelectMany(name => Below($"{path}:{name}", entry));
        return SettingsShape.MembersOf(type).SelectMany(member => Below(path is null ? member.Name : $"{path}:{member.Name}", member.PropertyType));
    }
}
