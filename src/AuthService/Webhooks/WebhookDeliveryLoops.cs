using System.Collections.Concurrent;

namespace AuthService.Webhooks;

/// <summary>
/// What this instance is delivering: to each webhook so many at once, apart from all others, so that a receiver that takes its time holds nobody up.
/// </summary>
internal sealed class WebhookDeliveryLoops(IServiceScopeFactory scopes, WebhookReports reports)
{
    private const int MostAtOnce = 4;

    private readonly ConcurrentDictionary<(Guid Webhook, int Line), Task> _running = new();

    /// <summary>Lets all lines of these webhooks run that do not.</summary>
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

    /// <summary>Until what is on its way has ended.</summary>
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
