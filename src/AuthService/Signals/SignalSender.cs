using System.Security.Cryptography;
using AuthService.Storage;
using AuthService.Webhooks;

namespace AuthService.Signals;

/// <summary>
/// Pushes what waits (RFC 8935). A stream is claimed as a whole, so that its SETs go out in their order, and by one instance at a time; one that fails
/// holds up those behind it, and no other stream. When the stream is changed, nothing more is pushed by the claim that was there before.
/// </summary>
internal sealed class SignalSender(SignalStreamStore streams, WaitingSetStore sets, SignalTransport sender, SignalReports reports, TimeProvider clock)
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
        var run = new PushRun(stream.Failures);
        var last = OpenAuthorization(stream) is { } header
            ? await PushAllAsync(stream, header, run, stopping)
            : run.Fail(new PushOutcome.PutOff("its encryption key is missing"));
        var now = clock.GetUtcNow();
        await (last switch
        {
            null when !run.HasSucceeded => streams.ReleaseAsync(stream, now),
            null or PushOutcome.Taken => streams.FinishAsync(stream, now),
            _ => streams.PutOffAsync(stream, run.Failures, run.HasSucceeded, now, now + PauseAfter(run.Failures, last)),
        });
    }

    /// <returns>Taken when nothing waits any more; null when it was broken off; otherwise what became of the last one.</returns>
    private async Task<PushOutcome?> PushAllAsync(ClaimedStream stream, string header, PushRun run, CancellationToken stopping)
    {
        while (await sets.ListAsync(stream.Id, AtOnce, clock.GetUtcNow()) is { Count: > 0 } waiting)
        {
            foreach (var set in waiting)
            {
                if (stopping.IsCancellationRequested || !stream.IsClaimedFor(LongestPush, clock.GetUtcNow()) || !await streams.MayPushAsync(stream))
                    return null;
                var outcome = await sender.SendAsync(stream, set, header, stopping);
                if (!await IsOverAsync(stream, set, outcome, run))
                    return stopping.IsCancellationRequested ? null : outcome;
            }
        }

        return new PushOutcome.Taken();
    }

    /// <returns>Whether the SET waits no more, and the next one's turn has come.</returns>
    private async Task<bool> IsOverAsync(ClaimedStream stream, WaitingSet set, PushOutcome outcome, PushRun run)
    {
        switch (outcome)
        {
            case PushOutcome.Taken:
                await sets.DeleteAsync(set);
                reports.Taken(stream, set, run.Failures);
                run.Succeed();
                return true;
            case PushOutcome.Refused(var reason) when set.Refusals + 1 >= MostRefusals:
                if (await sets.DropRefusedAsync(set, stream) == 0)
                    break; // the stream was changed meanwhile, and it waits on
                reports.Refused(stream, set, reason);
                run.Succeed(); // nothing is wrong with the receiver
                return true;
            case PushOutcome.Refused(var reason):
                await sets.CountRefusalAsync(set, stream);
                reports.PutOff(stream, set, run.Failures, reason);
                break;
            case PushOutcome.PutOff(var reason, _):
                reports.PutOff(stream, set, run.Failures, reason);
                break;
        }

        run.Fail(outcome);
        return false;
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

    /// <summary>Twice as long each time, unless the receiver asks for more.</summary>
    private static TimeSpan PauseAfter(int failures, PushOutcome last) =>
        RetrySchedule.AtLeast(Backoff.PauseAfter(failures, FirstPause, LongestPause), (last as PushOutcome.PutOff)?.RetryAfter);

    /// <summary>What came of a claim so far.</summary>
    /// <param name="failures">Before it.</param>
    private sealed class PushRun(int failures)
    {
        /// <summary>In a row.</summary>
        public int Failures { get; private set; } = failures;

        /// <summary>Whether a SET has gone its way, taken or dropped.</summary>
        public bool HasSucceeded { get; private set; }

        public void Succeed() => (Failures, HasSucceeded) = (0, true);

        /// <summary>A receiver that refuses a SET is there: it is asked again soon.</summary>
        public PushOutcome Fail(PushOutcome outcome)
        {
            Failures = outcome is PushOutcome.Refused ? 1 : Failures + 1;
            return outcome;
        }
    }
}
