using System.Globalization;
using Microsoft.Extensions.Options;

namespace AuthService.Configuration;

/// <summary>
/// Reports the faults of list entries with the number that the settings have. A list in the settings may have gaps, which the binder closes: a
/// validator sees entry 1 where the settings say 2.
/// </summary>
internal sealed class ListIndexFaults<T>(IConfiguration section, IValidateOptions<T> validator) : IValidateOptions<T>
    where T : class
{
    public ValidateOptionsResult Validate(string? name, T options)
    {
        var result = validator.Validate(name, options);
        if (result is not { Failed: true, Failures: { } found })
            return result;
        var faults = new ValidateOptionsResultBuilder();
        foreach (var fault in found)
            faults.AddError(ToWritten(fault));
        return faults.Build();
    }

    /// <param name="fault">A fault that begins with the key of the setting.</param>
    private string ToWritten(string fault)
    {
        if (section is not IConfigurationSection { Path: var path } || !fault.StartsWith($"{path}:", StringComparison.Ordinal))
            return fault;
        var end = fault.IndexOf(' ', StringComparison.Ordinal);
        var key = end < 0 ? fault : fault[..end];
        return $"{path}:{string.Join(':', Written(key[(path.Length + 1)..].Split(':')))}{fault[key.Length..]}";
    }

    private IEnumerable<string> Written(string[] names)
    {
        var (at, type) = (section, (Type?)typeof(T));
        foreach (var name in names)
        {
            var written = type is not null && SettingsShape.EntryOf(type) is not null && !SettingsShape.IsDictionary(type) ? NumberOf(at, name) : name;
            yield return written;
            at = at.GetSection(written);
            type = type is null ? null : SettingsShape.EntryOf(type) ?? SettingsShape.FindMember(type, name)?.PropertyType;
        }
    }

    private static string NumberOf(IConfiguration list, string place) =>
        int.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && list.GetChildren().ElementAtOrDefault(n) is { } entry
            ? entry.Key
            : place;
}
