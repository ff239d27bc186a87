using AuthService.Audit;
using AuthService.Webhooks;

namespace AuthService.Hosting.CommandLine;

/// <summary>Webhooks that nothing is sent to, or that take nothing, and whether audit entries become deliveries.</summary>
internal static class WebhookExamination
{
    private const string Webhooks = "webhooks";
    private static readonly TimeSpan TolerableLag = TimeSpan.FromMinutes(1);

    /// <param name="services">Their store has the current schema.</param>
    public static async Task<IReadOnlyList<Finding>> ExamineAsync(IServiceProvider services)
    {
        var webhooks = await services.GetRequiredService<WebhookStore>().ListAsync();
        if (webhooks.Count == 0)
            return [];
        var findings = webhooks.Select(Examine).OfType<Finding>().ToList();
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        if (await services.GetRequiredService<EventReader>().FindOldestUnreadAsync(WebhookDispatcher.Reader) is { } oldest && now - oldest > TolerableLag)
        {
            findings.Add(Finding.Wrong(
                Webhooks,
                $"the audit log was read up to {oldest:O}: no instance runs, the log says what is wrong, or a transaction in the database server stays open"));
        }

        return findings.Count > 0 ? findings : [Finding.Fine(Webhooks, $"{webhooks.Count} enabled, none fails")];
    }

    private static Finding? Examine(Webhook webhook) => webhook switch
    {
        { Enabled: false, DisabledReason: not DisabledReason.ByAdministrator } => Finding.Wrong(
            Webhooks, $"{webhook.ToAuditText()} was disabled at {webhook.DisabledAt:O}: mend its receiver, enable it and replay what it has missed"),
        { Enabled: false } => Finding.Doubtful(Webhooks, $"{webhook.ToAuditText()} is disabled by an administrator"),
        { FailingSince: { } since } => Finding.Doubtful(Webhooks, $"{webhook.ToAuditText()} has taken nothing since {since:O}"),
        _ => null,
    };
}
