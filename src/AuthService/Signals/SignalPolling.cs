using System.Diagnostics;
using AuthService.Principals;

namespace AuthService.Signals;

/// <summary>A poll (RFC 8936, section 2.2).</summary>
/// <param name="MaxEvents">How many SETs at most; none of them for acknowledgements alone.</param>
/// <param name="ReturnImmediately">Otherwise the answer waits until there is one.</param>
/// <param name="Acknowledged">The <c>jti</c>s that the receiver has.</param>
/// <param name="Errors">Those that it will not have, and why.</param>
internal sealed record PollRequest(int MaxEvents, bool ReturnImmediately, IReadOnlyList<Guid> Acknowledged, IReadOnlyDictionary<Guid, string> Errors);

internal abstract record PollOutcome
{
    private PollOutcome()
    {
    }

    /// <param name="Sets">The signed tokens by <c>jti</c>.</param>
    /// <param name="MoreAvailable">Whether others wait.</param>
    internal sealed record Answered(IReadOnlyDictionary<string, string> Sets, bool MoreAvailable) : PollOutcome;

    /// <summary>The service has no such stream, or it is one that pushes.</summary>
    internal sealed record Unknown : PollOutcome;

    /// <summary>No published key signs.</summary>
    internal sealed record NotSigned : PollOutcome;
}

/// <summary>Hands SETs over to whoever asks for them, again and again until they are acknowledged (RFC 8936).</summary>
internal sealed class SignalPolling(SignalStreamStore streams, WaitingSetStore sets, SignalTokens tokens, SignalArrivals arrivals, SignalPollContext context)
{
    public const int MostEvents = 100;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <param name="owner">The service.</param>
    /// <param name="stream">One of its streams.</param>
    /// <param name="request">What it asks and acknowledges.</param>
    /// <param name="requestAborted">Ends the wait.</param>
    public async Task<PollOutcome> PollAsync(Principal owner, Guid stream, PollRequest request, CancellationToken requestAborted)
    {
        if (await streams.FindAsync(owner, stream) is not { IsPushed: false })
            return new PollOutcome.Unknown();
        if (!tokens.CanSign)
            return new PollOutcome.NotSigned();
        await AcknowledgeAsync(stream, request);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(requestAborted, context.Stopping);
        var waited = Stopwatch.StartNew(); // as long as it is, whatever the clock is set to meanwhile
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
            // Whoever still listens is answered with nothing.
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

/// <summary>What a poll needs beside the stores.</summary>
internal sealed class SignalPollContext(SignalReports reports, TimeProvider clock, IHostApplicationLifetime lifetime)
{
    public SignalReports Reports => reports;

    public DateTimeOffset Now => clock.GetUtcNow();

    public CancellationToken Stopping => lifetime.ApplicationStopping;
}
