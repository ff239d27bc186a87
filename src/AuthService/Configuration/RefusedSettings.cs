using System.Collections.Concurrent;

namespace AuthService.Configuration;

/// <summary>Which settings were changed while the service runs and could not be taken over. The old ones are in use.</summary>
internal sealed class RefusedSettings
{
    private readonly ConcurrentDictionary<string, IReadOnlyList<string>> _refused = new(StringComparer.Ordinal);

    /// <summary>Hears of each fault as it is found.</summary>
    public Action<string>? OnRefused { get; set; }

    /// <summary>One line for each fault.</summary>
    public IReadOnlyList<string> Faults => [.. _refused.Values.SelectMany(faults => faults)];

    public void Refuse(string source, IReadOnlyList<string> faults)
    {
        _refused[source] = faults;
        foreach (var fault in faults)
            OnRefused?.Invoke(fault);
    }

    public void TakeOver(string source) => _refused.TryRemove(source, out _);
}
