using System.Reflection;

namespace AuthService.Configuration;

/// <summary>Lists the settings that an options class consists of.</summary>
internal static class SettingsShape
{
    /// <returns>The type of the entries if the type is a list or a dictionary, otherwise null.</returns>
    public static Type? EntryOf(Type type)
    {
        if (type == typeof(string))
            return null;
        if (type.IsArray)
            return type.GetElementType();
        return FindInterface(type, typeof(IDictionary<,>))?.GenericTypeArguments[1] ?? FindInterface(type, typeof(ICollection<>))?.GenericTypeArguments[0];
    }

    public static bool IsDictionary(Type type) => FindInterface(type, typeof(IDictionary<,>)) is not null;

    /// <summary>
    /// Lists the properties that can be set: those with a setter, and lists and sections that are filled. A computed property is not one of them.
    /// </summary>
    public static IEnumerable<PropertyInfo> MembersOf(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.SetMethod is { IsPublic: true } || EntryOf(property.PropertyType) is not null || IsSection(property.PropertyType));

    public static PropertyInfo? FindMember(Type type, string key) => MembersOf(type).FirstOrDefault(member => member.IsCalled(key));

    /// <summary>Compares a setting with a key, in any letter case as the framework does.</summary>
    public static bool IsCalled(this PropertyInfo setting, string key) => setting.Name.Equals(key, StringComparison.OrdinalIgnoreCase);

    private static bool IsSection(Type type) => type.IsClass && !SettingValue.IsSingle(type);

    private static Type? FindInterface(Type type, Type generic) =>
        type.GetInterfaces().Append(type).FirstOrDefault(candidate => candidate.IsGenericType && candidate.GetGenericTypeDefinition() == generic);
}
