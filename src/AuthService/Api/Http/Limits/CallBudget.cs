namespace AuthService.Api.Http.Limits;

/// <summary>
/// So many calls in so much time: the generic cell rate algorithm (ITU-T I.371, annex A, virtual scheduling). A whole
/// budget may be used at once; each call comes back after its share of the time. All that must be known of the past is
/// the moment at which everything used will have come back. Pure: moments are arguments, in ticks since any beginning.
/// </summary>
/// <param name="Calls">How many calls, at least 1.</param>
/// <param name="Period">The time in which a budget that was used up comes back.</param>
internal readonly record struct CallBudget(int Calls, TimeSpan Period)
{
    /// <summary>Rounded up, so that rounding never gives a call more than there are.</summary>
    private long Share => (Period.Ticks + Calls - 1) / Calls;

    /// <param name="fullAt">When everything used before this call will have come back.</param>
    /// <param name="now">The moment of the call.</param>
    /// <param name="next">The same with this call in it; a call that does not fit changes nothing.</param>
    /// <returns>Null when the call fits; otherwise how long until one does.</returns>
    public TimeSpan? FindWait(long fullAt, long now, out long next)
    {
        next = Math.Max(fullAt, now) + Share;
        var tooMuch = next - now - (Share * Calls);
        if (tooMuch <= 0)
            return null;
        next = fullAt;
        return TimeSpan.FromTicks(tooMuch);
    }
}
