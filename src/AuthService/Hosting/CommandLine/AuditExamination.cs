using AuthService.Audit;
using AuthService.Configuration;
using Microsoft.Extensions.Options;

namespace AuthService.Hosting.CommandLine;

/// <summary>Examines whether audit entries are deleted when their retention is over.</summary>
internal static class AuditExamination
{
    private const string Log = "audit log";

    /// <summary>The command "audit purge" is meant to run once a day, and may be late.</summary>
    private static readonly TimeSpan Delay = TimeSpan.FromDays(2);

    public static async Task<Finding> ExamineAsync(IServiceProvider services)
    {
        var retention = services.GetRequiredService<IOptions<AuditOptions>>().Value.Retention;
        var kept = $"entries are kept for {DurationText.ToWords(retention)} ({AuditOptions.Section}:{nameof(AuditOptions.Retention)})";
        var store = services.GetRequiredService<AuditStore>();
        if (await store.FindOldestAsync() is not { } oldest || services.GetRequiredService<TimeProvider>().GetUtcNow() - oldest <= retention + Delay)
            return Finding.Fine(Log, kept);
        var remedy = await store.MayDeleteAsync()
            ? "the service deletes them, and has not run or not come to it"
            : "the role of the service may not delete them: have the owner of the schema run \"audit purge\" once a day";
        return Finding.Wrong(Log, $"{kept}, and the oldest is of {oldest:yyyy-MM-dd}: {remedy}");
    }
}
