using Xunit;

namespace AuthService.ApiTests.Hosting;

/// <summary>
/// Instances that the tests of one class share: one for each combination of settings, started when a test first asks for it and stopped after the last
/// test. A test that counts on a new instance starts its own.
/// </summary>
public abstract class ClassHosts(AuthHost host) : IAsyncLifetime
{
    private readonly Dictionary<string, AuthHost> _hosts = new(StringComparer.Ordinal);
    private readonly Stack<IAsyncDisposable> _started = new();

    /// <summary>The instance that the tests of the collection share.</summary>
    public AuthHost Host => host;

    /// <summary>Gets an instance with these settings on the database of the collection.</summary>
    public Task<AuthHost> TwinAsync(Settings? settings = null) => GetAsync("twin", settings, () => host.StartTwinAsync(settings));

    /// <summary>Gets an instance with these settings on a database of this class.</summary>
    public Task<AuthHost> AnotherAsync(Settings? settings = null) => GetAsync("another", settings, () => host.StartAnotherAsync(settings));

    public virtual Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        while (_started.TryPop(out var last))
            await last.DisposeAsync();
    }

    /// <summary>Waits for a start, and disposes the result after the last test of the class.</summary>
    protected async Task<T> KeepAsync<T>(Task<T> starting)
        where T : IAsyncDisposable
    {
        var started = await starting;
        _started.Push(started);
        return started;
    }

    private async Task<AuthHost> GetAsync(string kind, Settings? settings, Func<Task<AuthHost>> start)
    {
        var key = string.Join('\n', (settings ?? []).OrderBy(setting => setting.Key, StringComparer.Ordinal).Prepend(new(kind, "")));
        return _hosts.TryGetValue(key, out var found) ? found : _hosts[key] = await KeepAsync(start());
    }
}

/// <inheritdoc/>
public sealed class ClassHosts<TStore>(TStore store) : ClassHosts(store.Host)
    where TStore : SharedHost;
