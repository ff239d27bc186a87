namespace AuthService.Storage;

/// <summary>Calculates the pauses of a back-off. Each is twice as long as the one before it, up to the longest.</summary>
internal static class Backoff
{
    /// <param name="failures">The number of failures in a row, at least one.</param>
    /// <param name="first">The pause after the first failure.</param>
    /// <param name="longest">The longest pause, after any number of failures.</param>
    public static TimeSpan PauseAfter(int failures, TimeSpan first, TimeSpan longest)
    {
        var seconds = first.TotalSeconds * Math.Pow(2, failures - 1);
        return seconds < longest.TotalSeconds ? TimeSpan.FromSeconds(seconds) : longest;
    }
}
