using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace AuthService.Hosting;

/// <summary>
/// Settings may change while the service runs. A faulty change is reported and leaves everything as it was; without this
/// every reader of the settings would throw until the fault is mended.
/// </summary>
internal sealed class LastGoodOptions<T>(
    IOptionsFactory<T> factory, IEnumerable<IOptionsChangeTokenSource<T>> sources, IOptionsMonitorCache<T> cache, IServiceProvider services)
    : OptionsMonitor<T>(factory, sources, cache)
    where T : class
{
    private readonly ConcurrentDictionary<string, T> _lastGood = new(StringComparer.Ordinal);
    private readonly IOptionsMonitorCache<T> _cache = cache;

    public override T Get(string? name)
    {
        name ??= Options.DefaultName;
        try
        {
            return _lastGood[name] = base.Get(name);
        }
        catch (OptionsValidationException fault) when (_lastGood.TryGetValue(name, out _))
        {
            // Not injected: the logger is made from options itself.
            HostingLog.SettingsRefused(services.GetRequiredService<ILogger<LastGoodOptions<T>>>(), string.Join("; ", fault.Failures));
            _cache.TryAdd(name, _lastGood[name]);
            return _lastGood[name];
        }
    }
}
