using System.Security.Cryptography;
using AuthService.Storage;

namespace AuthService.Signals;

/// <summary>
/// Pushes what waits (RFC 8935). A stream is claimed as a whole, so that its SETs go out in their order, and by one instance at a time; one that fails
/// holds up those behind it, and no other stream. When the stream is changed, nothing more is pushed by the claim that was there before.
/// </summary>
internal sealed class SignalPusher(SignalStreamStore streams, WaitingSetStore sets, SignalSender sender, SignalReports reports, TimeProvider clock)
{
    /// <summary>After a crash the stream is taken up again when it has passed.</summary>
    private static readonly TimeSpan Claim = TimeSpan.FromMinutes(2);

    /// <summary>Longer than a push takes; with less left of the claim none is begun.</summary>
    private static readonly TimeSpan LongestPush = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    /// <summary>After so many refusals the receiver is taken at its word. The first ones may be for a key that it does not know yet.</summary>
    private const int MostRefusals = 3;

    private const int AtOnce = 50;

    /// <returns>Null when nothing is due.</returns>
    public Task<ClaimedStream?> TryClaimAsync() => streams.TryClaimAsync(clock.GetUtcNow(), Claim);

    /// <summary>Pushes what waits for the receiver until nothing does, or one is not taken, or the claim is lost or runs out.</summary>
    public async Task PushAsync(ClaimedStream stream, CancellationToken stopping)
    {
        var header = OpenAuthorization(stream);
        var outcome = header is null ? new PushOutcome.PutOff("its encryption key is missing") : (PushOutcome)new PushOutcome.Taken();
        while (outcome is PushOutcome.Taken && !stopping.IsCancellationRequested
            && await sets.ListAsync(stream.Id, AtOnce, clock.GetUtcNow()) is { Count: > 0 } waiting)
        {
            foreach (var set in waiting)
            {
                if (stopping.IsCancellationRequested || !stream.IsClaimedFor(LongestPush, clock.GetUtcNow()) || !await streams.MayPushAsync(stream))
                {
                    await streams.ReleaseAsync(stream, clock.GetUtcNow());
                    return;
                }

                outcome = await sender.SendAsync(stream, set, header!, stopping);
                await FinishAsync(stream, set, outcome);
                if (outcome is not PushOutcome.Taken)
                    break;
            }
        }

        var now = clock.GetUtcNow();
        if (outcome is PushOutcome.Taken || stopping.IsCancellationRequested)
            await streams.ReleaseAsync(stream, now);
        else
            await streams.PutOffAsync(stream, now, now + Backoff.PauseAfter(stream.Failures + 1, FirstPause, LongestPause));
    }

    private async Task FinishAsync(ClaimedStream stream, WaitingSet set, PushOutcome outcome)
    {
        switch (outcome)
        {
            case PushOutcome.Taken:
                await sets.DeleteAsync(set);
                reports.Taken(stream, set);
                break;
            case PushOutcome.Refused(var reason) when set.Refusals + 1 >= MostRefusals:
                await sets.DropRefusedAsync(set, stream);
                reports.Refused(stream, set, reason);
                break;
            case PushOutcome.Refused(var reason):
                await sets.CountRefusalAsync(set, stream);
                reports.PutOff(stream, set, reason);
                break;
            case PushOutcome.PutOff(var reason):
                reports.PutOff(stream, set, reason);
                break;
        }
    }

    /// <returns>Null when it cannot be read; empty when the stream has none.</returns>
    private string? OpenAuthorization(ClaimedStream stream)
    {
        try
        {
            return streams.OpenAuthorization(stream) ?? "";
        }
        catch (CryptographicException error)
        {
            reports.NotOpened(stream, error);
            return null;
        }
    }
}
