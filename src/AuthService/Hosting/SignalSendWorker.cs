using AuthService.Signals;

namespace AuthService.Hosting;

/// <summary>Pushes shared signals over several streams at once, so that a slow receiver delays no other.</summary>
internal sealed class SignalSendWorker(
    IServiceScopeFactory scopes, Readiness readiness, SignalArrivals arrivals, ILogger<SignalSendWorker> logger) : Worker
{
    private const int MostStreams = 16;
    private static readonly TimeSpan UntilPrepared = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan IntervalWithoutStreams = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _slots = new(MostStreams);

    /// <summary>The streams that were due when they were last listed. They are listed again when each has been tried.</summary>
    private readonly Queue<Guid> _due = new();

    private bool _hasStreams;

    private TimeSpan UntilNextLook => (readiness.IsPrepared, _hasStreams) switch
    {
        (false, _) => UntilPrepared,
        (_, true) => Interval,
        _ => IntervalWithoutStreams,
    };

    public override void Dispose()
    {
        _slots.Dispose();
        base.Dispose();
    }

    protected override async Task WorkAsync(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                var next = arrivals.Next;
                await _slots.WaitAsync(stopping);
                if (readiness.IsPrepared && await TryLeaseAsync(stopping) is { } leased)
                {
                    _ = PushAsync(leased, stopping);
                    continue;
                }

                _slots.Release();
                await SignalArrivals.WaitAsync(next, UntilNextLook, stopping);
            }
        }
        finally
        {
            for (var i = 0; i < MostStreams; i++) // pushes that run are cancelled and release their streams
                await _slots.WaitAsync(CancellationToken.None);
        }
    }

    private Task<LeasedStream?> TryLeaseAsync(CancellationToken stopping) => TryInScopeAsync(
        scopes,
        async services =>
        {
            var sender = services.GetRequiredService<SignalSender>();
            if (await TryLeaseListedAsync(sender) is { } leased)
                return leased;
            _hasStreams = await services.GetRequiredService<SignalStreamStore>().AnyAsync();
            if (!_hasStreams)
                return null;
            (await sender.ListDueAsync()).ForEach(_due.Enqueue);
            return await TryLeaseListedAsync(sender);
        },
        error => HostingLog.SignalsNotPushed(logger, error),
        stopping);

    private async Task<LeasedStream?> TryLeaseListedAsync(SignalSender sender)
    {
        while (_due.TryDequeue(out var stream))
        {
            if (await sender.TryLeaseAsync(stream) is { } leased)
                return leased;
        }

        return null;
    }

    /// <summary>Pushes over a leased stream. After a failure the lease expires.</summary>
    private async Task PushAsync(LeasedStream leased, CancellationToken stopping)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<SignalSender>().PushAsync(leased, stopping);
        }
        catch (Exception error)
        {
            HostingLog.SignalsNotPushed(logger, error);
        }
        finally
        {
            _slots.Release();
        }
    }
}
