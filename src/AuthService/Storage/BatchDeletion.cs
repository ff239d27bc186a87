namespace AuthService.Storage;

internal static class BatchDeletion
{
    /// <summary>Deletes batch by batch, until one is not full.</summary>
    /// <param name="batchSize">How many rows at once, so that none is locked for long.</param>
    /// <param name="deleteAsync">Deletes up to so many rows and says how many there were.</param>
    /// <param name="pause">Between two batches.</param>
    /// <param name="cancellation">Stops after a batch.</param>
    /// <returns>How many rows were deleted.</returns>
    public static async Task<int> RunAsync(int batchSize, Func<int, Task<int>> deleteAsync, TimeSpan pause, CancellationToken cancellation)
    {
        var total = 0;
        while (true)
        {
            var deleted = await deleteAsync(batchSize);
            total += deleted;
            if (deleted < batchSize)
                return total;
            await Task.Delay(pause, cancellation);
        }
    }
}
