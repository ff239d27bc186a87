using AuthService.Audit;

namespace AuthService.Hosting.CommandLine;

/// <summary>Examines whether a reader of the audit log keeps up.</summary>
internal static class ReaderExamination
{
    private static readonly TimeSpan TolerableLag = TimeSpan.FromMinutes(1);

    /// <param name="services">The services of a store with the current schema.</param>
    /// <param name="part">The part of the service that the reader works for.</param>
    /// <param name="reader">The name of the reader.</param>
    /// <returns>Null when it has read everything, or nearly everything.</returns>
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
