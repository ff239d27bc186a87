using System.Data.Common;
using AuthService.Storage;

namespace AuthService.Hosting;

/// <summary>
/// Whether the database answers. One question at a time, whose answer is everybody's for a second: each takes a
/// connection, and whoever floods the probes must not take them all.
/// </summary>
internal sealed class StoreProbe(SchemaMigrator schema, TimeProvider clock)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan SharedFor = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private Task<bool>? _latest;
    private long _since;
    private volatile bool _wasCurrent;

    /// <returns>False also when the schema is not current.</returns>
    public Task<bool> IsReadyAsync()
    {
        lock (_lock)
        {
            if (_latest is { } latest && (!latest.IsCompleted || clock.GetElapsedTime(_since) < SharedFor))
                return latest;
            _since = clock.GetTimestamp();
            return _latest = Task.Run(ProbeAsync); // SQLite works on the thread that calls
        }
    }

    private async Task<bool> ProbeAsync()
    {
        using var timeout = new CancellationTokenSource(Longest);
        try
        {
            // WaitAsync because a connection that is being opened to a silent server does not hear the token.
            return await QueryAsync(timeout.Token).WaitAsync(Longest);
        }
        catch (Exception error) when (error is DbException or OperationCanceledException or TimeoutException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>A schema that was current stays so, as far as this version is concerned: migrations only add to it.</summary>
    private async Task<bool> QueryAsync(CancellationToken cancellation)
    {
        if (!_wasCurrent)
            return _wasCurrent = await schema.IsCurrentAsync(cancellation);
        await schema.SelectOneAsync(cancellation);
        return true;
    }
}
