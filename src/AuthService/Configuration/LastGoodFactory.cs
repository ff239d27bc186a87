using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace AuthService.Configuration;

/// <summary>
/// Keeps the last valid options when settings change while the service runs. A faulty change is reported and not used. Without this, every reader of
/// the options would throw until the fault is corrected.
/// </summary>
internal sealed class LastGoodFactory<T>(
    IEnumerable<IConfigureOptions<T>> configures,
    IEnumerable<IPostConfigureOptions<T>> postConfigures,
    IEnumerable<IValidateOptions<T>> validators,
    IEnumerable<IChangeRule<T>> rules,
    RefusedSettings state)
    : OptionsFactory<T>(configures, postConfigures, validators), IOptionsFactory<T>
    where T : class
{
    private readonly ConcurrentDictionary<string, T> _lastGood = new(StringComparer.Ordinal);

    T IOptionsFactory<T>.Create(string name)
    {
        try
        {
            var options = Create(name);
            RequireMayFollow(name, options);
            _lastGood[name] = options;
            state.TakeOver(Source(name));
            return options;
        }
        catch (Exception error) when (_lastGood.ContainsKey(name) && SettingFaults.Of(error) is { Count: > 0 })
        {
            state.Refuse(Source(name), SettingFaults.Of(error));
            return _lastGood[name];
        }
    }

    /// <exception cref="OptionsValidationException">A change rule does not allow the change from the options in use.</exception>
    private void RequireMayFollow(string name, T changed)
    {
        if (_lastGood.TryGetValue(name, out var inForce) && rules.SelectMany(rule => rule.FindFaults(inForce, changed)).ToList() is { Count: > 0 } faults)
            throw new OptionsValidationException(name, typeof(T), faults);
    }

    private static string Source(string name) => $"{typeof(T).FullName} {name}";
}
