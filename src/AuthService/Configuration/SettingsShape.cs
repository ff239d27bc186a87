using System.Reflection;

namespace AuthService.Configuration;

/// <summary>Which settings an options class is made of.</summary>
internal static class SettingsShape
{
    /// <returns>What its entries are, when the type is a list or a dictionary.</returns>
    public static Type? EntryOf(Type type)
    {
        if (type == typeof(string))
            return null;
        if (type.IsArray)
            return type.GetElementType();
        return FindInterface(type, typeof(IDictionary<,>))?.GenericTypeArguments[1] ?? FindInterface(type, typeof(ICollection<>))?.GenericTypeArguments[0];
    }

    public static bool IsDictionary(Type type) => FindInterface(type, typeof(IDictionary<,>)) is not null;

    /// <summary>What can be set: properties with a setter, and lists and sections that are filled. What is computed is none.</summary>
    public static IEnumerable<PropertyInfo> MembersOf(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.SetMethod is { IsPublic: true } || EntryOf(property.PropertyType) is not null || IsSection(property.PropertyType));

    public static PropertyInfo? FindMember(Type type, string key) => MembersOf(type).FirstOrDefault(member => member.IsCalled(key));

    /// <summary>Keys of settings are compared as the framework does it.</summary>
    public static bool IsCalled(this PropertyInfo setting, string key) => setting.Name.Equals(key, StringComparison.OrdinalIgnoreCase);

    private static bool IsSection(Type type) => type.IsClass && !SettingValue.IsSingle(type);

    private static Type? FindInterface(Type type, Type generic) =>
        type.GetInterfaces().Append(type).FirstOrDefault(candidate => candidate.IsGenericType && candidate.GetGenericTypeDefinition() == generic);
}
