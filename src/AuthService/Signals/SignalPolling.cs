using System.Diagnostics;
using AuthService.Principals;

namespace AuthService.Signals;

/// <summary>A poll request (RFC 8936, section 2.2).</summary>
/// <param name="MaxEvents">The most SETs to return; 0 when the request only acknowledges.</param>
/// <param name="ReturnImmediately">Whether to answer at once; otherwise the request waits for a SET.</param>
/// <param name="Acknowledged">The <c>jti</c>s of the SETs that the receiver has accepted.</param>
/// <param name="Errors">The <c>jti</c>s of the SETs that it does not accept, with the reasons.</param>
internal sealed record PollRequest(int MaxEvents, bool ReturnImmediately, IReadOnlyList<Guid> Acknowledged, IReadOnlyDictionary<Guid, string> Errors);

internal abstract record PollOutcome
{
    private PollOutcome()
    {
    }

    /// <param name="Sets">The signed tokens by <c>jti</c>.</param>
    /// <param name="MoreAvailable">Whether more SETs are waiting.</param>
    internal sealed record Answered(IReadOnlyDictionary<string, string> Sets, bool MoreAvailable) : PollOutcome;

    /// <summary>The service has no such stream, or the stream uses push.</summary>
    internal sealed record Unknown : PollOutcome;

    /// <summary>There is no published signing key.</summary>
    internal sealed record NotSigned : PollOutcome;
}

/// <summary>Answers long polls with SETs. A SET is returned again and again until it is acknowledged (RFC 8936).</summary>
internal sealed class SignalPolling(SignalStreamStore streams, WaitingSetStore sets, SignalTokens tokens, SignalArrivals arrivals, SignalPollContext context)
{
    public const int MostEvents = 100;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <param name="owner">The service that owns the stream.</param>
    /// <param name="stream">The id of the stream.</param>
    /// <param name="request">The poll request.</param>
    /// <param name="requestAborted">Cancelled when the caller disconnects, which ends the wait.</param>
    public async Task<PollOutcome> PollAsync(Principal owner, Guid stream, PollRequest request, CancellationToken requestAborted)
    {
        if (await streams.FindAsync(owner, stream) is not { IsPushed: false })
            return new PollOutcome.Unknown();
        if (!tokens.CanSign)
            return new PollOutcome.NotSigned();
        await AcknowledgeAsync(stream, request);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(requestAborted, context.Stopping);
        var waited = Stopwatch.StartNew(); // not the clock: a change of the system time must not affect the wait
        while (true)
        {
            var next = arrivals.Next;
            if (await streams.FindAsync(owner, stream) is not { IsPushed: false } found)
                return new PollOutcome.Unknown();
            var waiting = found.Status is StreamStatus.Enabled
                ? await sets.ListAsync(stream, request.MaxEvents + 1, context.Now)
                : [];
            var isOver = request.ReturnImmediately || request.MaxEvents == 0 || stop.IsCancellationRequested || waited.Elapsed > LongestWait;
            if (waiting.Count > 0 || isOver)
                return Answer(waiting, request.MaxEvents, owner.Id);
            await WaitAsync(next, stop.Token);
        }
    }

    private static async Task WaitAsync(Task next, CancellationToken stop)
    {
        try
        {
            await SignalArrivals.WaitAsync(next, Interval, stop);
        }
        catch (OperationCanceledException)
        {
            // The request was aborted or the service stops: the answer has no SETs.
        }
    }

    private async Task AcknowledgeAsync(Guid stream, PollRequest request)
    {
        context.Reports.Acknowledged(await sets.DeleteAsync(stream, [.. request.Acknowledged]));
        foreach (var id in await sets.TakeOutAsync(stream, [.. request.Errors.Keys]))
            context.Reports.RefusedByPoller(stream, id, request.Errors[id]);
    }

    private PollOutcome.Answered Answer(List<WaitingSet> waiting, int limit, string audience)
    {
        var given = waiting.Take(limit).ToDictionary(set => set.Id.ToString(), set => tokens.Sign(set, audience), StringComparer.Ordinal);
        context.Reports.Polled(given.Count);
        return new PollOutcome.Answered(given, waiting.Count > limit);
    }
}

/// <summary>Holds the dependencies of a poll besides the stores.</summary>
internal sealed class SignalPollContext(SignalReports reports, TimeProvider clock, IHostApplicationLifetime lifetime)
{
    public SignalReports Reports => reports;

    public DateTimeOffset Now => clock.GetUtcNow();

    public CancellationToken Stopping => lifetime.ApplicationStopping;
}
