namespace AuthService.Api.Http.Limits;

/// <summary>
/// A number of calls in a period, by the generic cell rate algorithm (ITU-T I.371, annex A, virtual scheduling). The whole budget may be used at once; each
/// call becomes available again after its share of the period. The only state is the time at which the budget will be full again. All times are arguments, in
/// ticks since any origin.
/// </summary>
/// <param name="Calls">The number of calls, at least 1.</param>
/// <param name="Period">The time in which a used budget becomes full again.</param>
internal readonly record struct CallBudget(int Calls, TimeSpan Period)
{
    /// <summary>The share of the period that each call takes. It is rounded up, so that rounding never allows an additional call.</summary>
    private long Share => (Period.Ticks + Calls - 1) / Calls;

    /// <param name="fullAt">The time at which the budget would be full again without this call.</param>
    /// <param name="now">The time of the call.</param>
    /// <param name="next">The time at which the budget is full again with this call. A call that does not fit changes nothing.</param>
    /// <returns>Null when the call fits; otherwise the time until one fits.</returns>
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
