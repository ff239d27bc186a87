using System.Collections.Concurrent;

namespace AuthService.Webhooks;

/// <summary>
/// Runs the deliveries of this instance: a few loops for each webhook, independent of other webhooks, so that a slow receiver delays no other.
/// </summary>
internal sealed class WebhookDeliveryLoops(IServiceScopeFactory scopes, WebhookReports reports)
{
    private const int MostAtOnce = 4;

    private readonly ConcurrentDictionary<(Guid Webhook, int Line), Task> _running = new();

    /// <summary>Starts the loops of these webhooks that are not running.</summary>
    public void Start(IEnumerable<Guid> webhooks, CancellationToken stopping)
    {
        foreach (var (line, running) in _running)
        {
            if (running.IsCompleted)
                _running.TryRemove(line, out _);
        }

        foreach (var webhook in webhooks)
        {
            for (var line = 0; line < MostAtOnce; line++)
                _ = _running.GetOrAdd((webhook, line), _ => Task.Run(() => RunAsync(webhook, stopping), CancellationToken.None));
        }
    }

    /// <summary>Waits until the running loops have ended.</summary>
    public Task WaitAsync() => Task.WhenAll(_running.Values);

    private async Task RunAsync(Guid webhook, CancellationToken stopping)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<WebhookSender>().SendDueAsync(webhook, stopping);
        }
        catch (Exception error)
        {
            reports.BrokenOff(webhook, error);
        }
    }
}
