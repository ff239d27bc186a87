using System.Security.Cryptography;
using AuthService.Storage;
using AuthService.Webhooks;

namespace AuthService.Signals;

/// <summary>
/// Pushes waiting SETs (RFC 8935). It leases a whole stream, so that one instance at a time pushes its SETs in their order. A SET that fails delays those
/// after it, but no other stream. A change of the stream ends the lease, so that no more SETs are pushed with the old settings.
/// </summary>
internal sealed class SignalSender(SignalStreamStore streams, WaitingSetStore sets, SignalTransport sender, SignalReports reports, TimeProvider clock)
{
    /// <summary>The duration of a lease. After a crash the stream is leased again when it has passed.</summary>
    private static readonly TimeSpan LeaseLifetime = TimeSpan.FromMinutes(2);

    /// <summary>Longer than a push takes. A push does not begin when less of the lease is left.</summary>
    private static readonly TimeSpan LongestPush = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    /// <summary>
    /// The number of refusals after which a SET is dropped. The first ones may be due to a signing key that the receiver does not know yet.
    /// </summary>
    private const int MostRefusals = 3;

    private const int AtOnce = 50;

    /// <summary>Lists the streams over which something is to be pushed now.</summary>
    public Task<List<Guid>> ListDueAsync() => streams.ListDueAsync(clock.GetUtcNow());

    /// <returns>Null when nothing is due over this stream, or another instance pushes over it.</returns>
    public Task<LeasedStream?> TryLeaseAsync(Guid stream) => streams.TryLeaseAsync(stream, clock.GetUtcNow(), LeaseLifetime);

    /// <summary>Pushes SETs until none is waiting, the receiver does not accept one, or the lease is lost or expires.</summary>
    public async Task PushAsync(LeasedStream stream, CancellationToken stopping)
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

    /// <returns><c>Taken</c> when no SET is waiting; null when the work was stopped or the lease was lost; otherwise the result of the last push.</returns>
    private async Task<PushOutcome?> PushAllAsync(LeasedStream stream, string header, PushRun run, CancellationToken stopping)
    {
        while (await sets.ListAsync(stream.Id, AtOnce, clock.GetUtcNow()) is { Count: > 0 } waiting)
        {
            foreach (var set in waiting)
            {
                if (stopping.IsCancellationRequested || !stream.IsLeasedFor(LongestPush, clock.GetUtcNow()) || !await streams.MayPushAsync(stream))
                    return null;
                var outcome = await sender.SendAsync(stream, set, header, stopping);
                if (!await IsOverAsync(stream, set, outcome, run))
                    return stopping.IsCancellationRequested ? null : outcome;
            }
        }

        return new PushOutcome.Taken();
    }

    /// <returns>Whether the SET no longer waits and the next one can be pushed.</returns>
    private async Task<bool> IsOverAsync(LeasedStream stream, WaitingSet set, PushOutcome outcome, PushRun run)
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
                    break; // the stream was changed meanwhile, and the SET waits for the next attempt
                reports.Refused(stream, set, reason);
                run.Succeed(); // the receiver works
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

    /// <returns>Null when the header cannot be decrypted; empty when the stream has none.</returns>
    private string? OpenAuthorization(LeasedStream stream)
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

    /// <summary>Returns the pause, which doubles with each failure, or the longer one that the receiver asks for.</summary>
    private static TimeSpan PauseAfter(int failures, PushOutcome last) =>
        RetrySchedule.AtLeast(Backoff.PauseAfter(failures, FirstPause, LongestPause), (last as PushOutcome.PutOff)?.RetryAfter);

    /// <summary>The state of a lease: what its pushes have achieved so far.</summary>
    /// <param name="failures">The number of failures in a row before the lease.</param>
    private sealed class PushRun(int failures)
    {
        /// <summary>The number of failures in a row.</summary>
        public int Failures { get; private set; } = failures;

        /// <summary>Whether a SET was accepted or dropped.</summary>
        public bool HasSucceeded { get; private set; }

        public void Succeed() => (Failures, HasSucceeded) = (0, true);

        /// <summary>Records a failure. After a refusal the count is one, so that the retry comes soon: the receiver is reachable.</summary>
        public PushOutcome Fail(PushOutcome outcome)
        {
            Failures = outcome is PushOutcome.Refused ? 1 : Failures + 1;
            return outcome;
        }
    }
}
