namespace AuthService.Storage;

/// <summary>Pauses that grow: each is twice as long as the one before it, up to the longest.</summary>
internal static class Backoff
{
    /// <param name="failures">In a row, one at least.</param>
    /// <param name="first">The pause after the first one.</param>
    /// <param name="longest">However many there were.</param>
    public static TimeSpan PauseAfter(int failures, TimeSpan first, TimeSpan longest)
    {
        var seconds = first.TotalSeconds * Math.Pow(2, failures - 1);
        return seconds < longest.TotalSeconds ? TimeSpan.FromSeconds(seconds) : longest;
    }
}
