using System.Reflection;
using Microsoft.Extensions.Primitives;

namespace AuthService.Configuration;

/// <summary>Says in the log which of the settings that are read at the start alone were changed: whoever did waits for an effect.</summary>
internal sealed class StartSettings(IEnumerable<SettingsSection> sections, IConfiguration configuration, ILogger<StartSettings> logger)
    : IHostedService, IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, string> _used = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _seen = new(StringComparer.Ordinal);
    private IDisposable? _changes;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var setting in sections.SelectMany(section => FindIn((section.Configuration as IConfigurationSection)?.Path, section.Type)))
            _used[setting] = _seen[setting] = Read(setting);
        _changes = ChangeToken.OnChange(configuration.GetReloadToken, Look);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose() => _changes?.Dispose();

    private static IEnumerable<string> FindIn(string? path, Type type) => SettingsShape.MembersOf(type).SelectMany(member =>
    {
        var key = path is null ? member.Name : $"{path}:{member.Name}";
        if (member.GetCustomAttribute<ReadAtStartAttribute>() is not null)
            return [key];
        return SettingValue.IsSingle(member.PropertyType) || SettingsShape.EntryOf(member.PropertyType) is not null ? [] : FindIn(key, member.PropertyType);
    });

    /// <summary>Whatever stands there, a list as its entries.</summary>
    private string Read(string setting) =>
        string.Join('\n', configuration.GetSection(setting).AsEnumerable().OrderBy(entry => entry.Key, StringComparer.OrdinalIgnoreCase)
            .Select(entry => $"{entry.Key}={entry.Value}"));

    private void Look()
    {
        lock (_lock)
        {
            foreach (var (setting, used) in _used)
            {
                var now = Read(setting);
                if (now != _seen[setting] && now != used)
                    ConfigurationLog.ReadAtStart(logger, setting);
                _seen[setting] = now;
            }
        }
    }
}
