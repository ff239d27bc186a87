using System.Collections.Concurrent;

namespace AuthService.Configuration;

/// <summary>The settings that were changed while the service runs and were refused. The old ones stay in use.</summary>
internal sealed class RefusedSettings
{
    private readonly ConcurrentDictionary<string, IReadOnlyList<string>> _refused = new(StringComparer.Ordinal);

    /// <summary>Called for each fault when it is found.</summary>
    public Action<string>? OnRefused { get; set; }

    /// <summary>The faults, one line each.</summary>
    public IReadOnlyList<string> Faults => [.. _refused.Values.SelectMany(faults => faults)];

    public void Refuse(string source, IReadOnlyList<string> faults)
    {
        _refused[source] = faults;
        foreach (var fault in faults)
            OnRefused?.Invoke(fault);
    }

    public void TakeOver(string source) => _refused.TryRemove(source, out _);
}
