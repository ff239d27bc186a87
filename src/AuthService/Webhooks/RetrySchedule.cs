namespace AuthService.Webhooks;

/// <summary>When a delivery that failed is tried again: with growing pauses for three days, by which time somebody has noticed.</summary>
internal static class RetrySchedule
{
    private const double Jitter = 0.2;

    private static readonly TimeSpan[] Pauses =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5), TimeSpan.FromHours(10),
        TimeSpan.FromHours(14), TimeSpan.FromHours(20), TimeSpan.FromHours(24),
    ];

    /// <summary>What a receiver may ask for at most.</summary>
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromDays(1);

    /// <param name="attempts">How many were made, one at least.</param>
    /// <param name="retryAfter">How long the receiver asks to be left alone.</param>
    /// <param name="now">When the last one ended.</param>
    /// <param name="giveUpAt">The moment of the last one.</param>
    /// <param name="random">From 0 to 1: many deliveries that failed together do not come back together.</param>
    /// <returns>Null when it is given up.</returns>
    public static DateTimeOffset? NextAfter(int attempts, TimeSpan? retryAfter, DateTimeOffset now, DateTimeOffset giveUpAt, double random)
    {
        if (now >= giveUpAt)
            return null;
        var pause = Pauses[Math.Min(attempts, Pauses.Length) - 1] * (1 - Jitter + (2 * Jitter * random));
        pause = AtLeast(pause, retryAfter);
        return now + pause < giveUpAt ? now + pause : giveUpAt;
    }

    /// <summary>The pause, or a longer one that the receiver asks for.</summary>
    public static TimeSpan AtLeast(TimeSpan pause, TimeSpan? retryAfter)
    {
        var asked = retryAfter < LongestRetryAfter ? retryAfter.Value : LongestRetryAfter;
        return retryAfter is null || asked < pause ? pause : asked;
    }

    /// <returns>How long the receiver asks to be left alone; null when it does not.</returns>
    public static TimeSpan? FindRetryAfter(HttpResponseMessage response, DateTimeOffset now) =>
        response.Headers.RetryAfter is { } header ? header.Delta ?? header.Date - now : null;
}
