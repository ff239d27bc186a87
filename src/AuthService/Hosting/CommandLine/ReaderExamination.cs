using AuthService.Audit;

namespace AuthService.Hosting.CommandLine;

/// <summary>Whether the audit log is read for those who are told of it.</summary>
internal static class ReaderExamination
{
    private static readonly TimeSpan TolerableLag = TimeSpan.FromMinutes(1);

    /// <param name="services">Their store has the current schema.</param>
    /// <param name="part">What the reader reads for.</param>
    /// <param name="reader">Its name.</param>
    /// <returns>Null when it has read all there is, or nearly.</returns>
    public static async Task<Finding?> ExamineAsync(IServiceProvider services, string part, string reader)
    {
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        return await services.GetRequiredService<EventReader>().FindOldestUnreadAsync(reader) is { } oldest && now - oldest > TolerableLag
            ? Finding.Wrong(
                part,
                $"the audit log was read up to {oldest:O}: no instance runs, the log says what is wrong, or a transaction in the database server stays open")
            : null;
    }
}
