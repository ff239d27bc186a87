using System.Data.Common;
using AuthService.Storage;

namespace AuthService.Hosting;

/// <summary>
/// Checks whether the database answers. Only one query runs at a time, and its result counts for all callers for a second. Each query takes a
/// connection, and a flood of probes must not take all of them.
/// </summary>
internal sealed class StoreProbe(SchemaMigrator schema, TimeProvider clock)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan SharedFor = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private Task<bool>? _latest;
    private long _since;
    private volatile bool _wasCurrent;

    /// <returns>True when the database answers and its schema is current.</returns>
    public Task<bool> IsReadyAsync()
    {
        lock (_lock)
        {
            if (_latest is { } latest && (!latest.IsCompleted || clock.GetElapsedTime(_since) < SharedFor))
                return latest;
            _since = clock.GetTimestamp();
            return _latest = Task.Run(ProbeAsync); // SQLite works on the calling thread
        }
    }

    private async Task<bool> ProbeAsync()
    {
        using var timeout = new CancellationTokenSource(Longest);
        try
        {
            // WaitAsync, because opening a connection to a server that does not answer ignores the token.
            return await QueryAsync(timeout.Token).WaitAsync(Longest);
        }
        catch (Exception error) when (error is DbException or OperationCanceledException or TimeoutException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Queries the database. A schema that was current stays current for this version, because migrations only add to it.</summary>
    private async Task<bool> QueryAsync(CancellationToken cancellation)
    {
        if (!_wasCurrent)
            return _wasCurrent = await schema.IsCurrentAsync(cancellation);
        await schema.SelectOneAsync(cancellation);
        return true;
    }
}
