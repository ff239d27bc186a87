using AuthService.Audit;
using AuthService.Notices;
using AuthService.Principals;
using AuthService.Storage;

namespace AuthService.Webhooks;

/// <summary>
/// Disables a webhook that cannot be delivered to, and notifies every administrator: by an audit entry, and by mail if mail is configured.
/// </summary>
internal sealed class WebhookDisabling(Store store, WebhookStore webhooks, PrincipalStore principals, NoticeSender notices, WebhookReports reports)
{
    /// <summary>Disables the webhook. Does nothing if it is disabled already or the reason no longer applies.</summary>
    public Task DisableAsync(Webhook webhook, DisabledReason reason, DateTimeOffset now) => store.InTransactionAsync(async () =>
    {
        if (!await webhooks.TryDisableAsync(webhook, reason, now))
            return;
        var detail = $"{webhook.ToAuditText()}: {WordsOf(reason)}";
        await webhooks.AddEntryAsync(AuditActor.Service.CreateEntry(AuditEvents.WebhookDisabled, now, principal: null, detail: detail));
        foreach (var administrator in await principals.ListAdministratorsAsync())
            await notices.SendAsync(administrator, WebhookNotices.Disabled(new Uri(webhook.Url).IdnHost, now));
        store.AfterCommit(() => reports.Disabled(webhook.Id, reason));
    });

    private static string WordsOf(DisabledReason reason) => reason switch
    {
        DisabledReason.Gone => "its receiver answered 410",
        DisabledReason.Failing => "every delivery failed for five days",
        _ => $"more than {WebhookDelivery.MostWaiting} deliveries waited",
    };
}
