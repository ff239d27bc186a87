namespace AuthService.Webhooks;

/// <summary>
/// Schedules the retries of a failed delivery, with growing pauses for three days, so that there is time to notice and repair the receiver.
/// </summary>
internal static class RetrySchedule
{
    private const double Jitter = 0.2;

    private static readonly TimeSpan[] Pauses =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5), TimeSpan.FromHours(10),
        TimeSpan.FromHours(14), TimeSpan.FromHours(20), TimeSpan.FromHours(24),
    ];

    /// <summary>The longest pause that a receiver can ask for.</summary>
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromDays(1);

    /// <param name="attempts">The number of attempts made, at least one.</param>
    /// <param name="retryAfter">How long the receiver asks to wait; null when it does not.</param>
    /// <param name="now">The time when the last attempt ended.</param>
    /// <param name="giveUpAt">The time of the final attempt.</param>
    /// <param name="random">A random number from 0 to 1, so that deliveries that failed together are not retried together.</param>
    /// <returns>The time of the next attempt; null when the delivery is given up.</returns>
    public static DateTimeOffset? NextAfter(int attempts, TimeSpan? retryAfter, DateTimeOffset now, DateTimeOffset giveUpAt, double random)
    {
        if (now >= giveUpAt)
            return null;
        var pause = Pauses[Math.Min(attempts, Pauses.Length) - 1] * (1 - Jitter + (2 * Jitter * random));
        pause = AtLeast(pause, retryAfter);
        return now + pause < giveUpAt ? now + pause : giveUpAt;
    }

    /// <summary>Returns the pause, or the longer one that the receiver asks for.</summary>
    public static TimeSpan AtLeast(TimeSpan pause, TimeSpan? retryAfter)
    {
        var asked = retryAfter < LongestRetryAfter ? retryAfter.Value : LongestRetryAfter;
        return retryAfter is null || asked < pause ? pause : asked;
    }

    /// <returns>How long the receiver asks to wait; null when it does not.</returns>
    public static TimeSpan? FindRetryAfter(HttpResponseMessage response, DateTimeOffset now) =>
        response.Headers.RetryAfter is { } header ? header.Delta ?? header.Date - now : null;
}
