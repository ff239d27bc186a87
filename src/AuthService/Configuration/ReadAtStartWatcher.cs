using System.Reflection;
using Microsoft.Extensions.Primitives;

namespace AuthService.Configuration;

/// <summary>Logs changes of settings that are read only at the start, because an operator who changes one expects an effect.</summary>
internal sealed class ReadAtStartWatcher(IEnumerable<SettingsSection> sections, IConfiguration configuration, ILogger<ReadAtStartWatcher> logger)
    : IHostedService, IDisposable
{
    private const string TelemetryPrefix = "OTEL_";

    /// <summary>The settings of the framework that say where it listens.</summary>
    private static readonly string[] Listening =
        ["Kestrel", WebHostDefaults.ServerUrlsKey, WebHostDefaults.HttpPortsKey, WebHostDefaults.HttpsPortsKey];

    private readonly Lock _lock = new();
    private Dictionary<string, string> _used = [];
    private Dictionary<string, string> _seen = [];
    private IDisposable? _changes;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _used = _seen = ReadAll();
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

    private Dictionary<string, string> ReadAll() => sections
        .SelectMany(section => FindIn((section.Configuration as IConfigurationSection)?.Path, section.Type))
        .Concat(Listening)
        .Concat(configuration.GetChildren().Select(child => child.Key).Where(key => key.StartsWith(TelemetryPrefix, StringComparison.OrdinalIgnoreCase)))
        .Distinct(StringComparer.OrdinalIgnoreCase).ToDictionary(setting => setting, Read, StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads a setting as text, a list as its entries. Empty when nothing is set.</summary>
    private string Read(string setting) =>
        string.Join('\n', configuration.GetSection(setting).AsEnumerable()
            .Where(entry => entry.Value is not null).OrderBy(entry => entry.Key, StringComparer.OrdinalIgnoreCase)
            .Select(entry => $"{entry.Key}={entry.Value}"));

    private void Look()
    {
        lock (_lock)
        {
            var now = ReadAll();
            foreach (var setting in now.Keys.Union(_seen.Keys, StringComparer.OrdinalIgnoreCase))
            {
                var value = now.GetValueOrDefault(setting, "");
                if (value != _seen.GetValueOrDefault(setting, "") && value != _used.GetValueOrDefault(setting, ""))
                    ConfigurationLog.ReadAtStart(logger, setting);
            }

            _seen = now;
        }
    }
}
