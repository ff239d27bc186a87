using AuthService.Webhooks;

namespace AuthService.Hosting.CommandLine;

/// <summary>Examines which webhooks are disabled or failing, and whether audit entries become deliveries.</summary>
internal static class WebhookExamination
{
    private const string Webhooks = "webhooks";

    /// <param name="services">The services of a store with the current schema.</param>
    public static async Task<IReadOnlyList<Finding>> ExamineAsync(IServiceProvider services)
    {
        var webhooks = await services.GetRequiredService<WebhookStore>().ListAsync();
        if (webhooks.Count == 0)
            return [];
        Finding?[] findings = [.. webhooks.Select(Examine), await ReaderExamination.ExamineAsync(services, Webhooks, WebhookDispatcher.Reader)];
        return findings.OfType<Finding>().ToArray() is { Length: > 0 } found ? found : [Finding.Fine(Webhooks, $"{webhooks.Count} enabled, none fails")];
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
