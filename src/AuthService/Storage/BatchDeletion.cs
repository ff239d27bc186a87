namespace AuthService.Storage;

internal static class BatchDeletion
{
    /// <summary>Deletes rows batch by batch, until a batch is not full.</summary>
    /// <param name="batchSize">The number of rows in a batch. It is limited so that no row is locked for long.</param>
    /// <param name="deleteAsync">Deletes at most the given number of rows and returns how many it deleted.</param>
    /// <param name="pause">The pause between two batches.</param>
    /// <param name="cancellation">Stops the deletion after a batch.</param>
    /// <returns>The number of deleted rows.</returns>
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
