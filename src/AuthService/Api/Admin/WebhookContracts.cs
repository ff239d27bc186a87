using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using AuthService.Principals;
using AuthService.Webhooks;

namespace AuthService.Api.Admin;

/// <param name="Url">The address that deliveries are sent to: https, without user name, password and fragment, at most 2,000 characters.</param>
/// <param name="Events">
/// Names of audit events, or prefixes that end with <c>*</c>. With <c>.refused</c> at the end, refused events are sent. When missing, every successful event
/// is.
/// </param>
/// <param name="Description">A description for people, at most 250 characters.</param>
internal sealed record NewWebhookRequest([property: Required] string? Url, string[]? Events = null, string? Description = null);

/// <summary>A change of a webhook. A missing member stays unchanged; null clears <c>events</c> and <c>description</c>.</summary>
internal sealed record WebhookPatch
{
    /// <summary>The address that deliveries are sent to.</summary>
    public string? Url { get; init; }

    /// <summary>Names of audit events, or prefixes that end with <c>*</c>; null means every successful event.</summary>
    [JsonConverter(typeof(OptionalConverter<string[]>)), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string[]> Events { get; init; }

    /// <summary>A description for people, at most 250 characters.</summary>
    [JsonConverter(typeof(OptionalConverter<string>)), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string> Description { get; init; }

    /// <summary>Whether deliveries are sent.</summary>
    public bool? Enabled { get; init; }
}

/// <param name="From">Events of this time and later are sent again; ISO 8601 with an offset.</param>
internal sealed record ReplayRequest([property: Required] DateTimeOffset? From)
{
    /// <summary>The <c>after</c> of the previous response, when there were more events. Only events after that position are sent.</summary>
    public string? After { get; init; }
}

/// <summary>A webhook.</summary>
/// <param name="Id">The webhook's id, by which it is changed and deleted.</param>
/// <param name="Url">The address that deliveries are sent to.</param>
/// <param name="Events">The events that are sent; null means every successful event.</param>
/// <param name="Description">A description for people; null when there is none.</param>
/// <param name="Enabled">Whether deliveries are sent.</param>
/// <param name="DisabledAt">The time since which no deliveries are sent; null while the webhook is enabled.</param>
/// <param name="DisabledReason">
/// BY_ADMINISTRATOR, GONE (the receiver answered 410), FAILING (all deliveries failed for five days) or OVERFLOWING (too many deliveries were waiting); null
/// while the webhook is enabled.
/// </param>
/// <param name="FailingSince">The time of the first failure since the last success; null when there was none.</param>
/// <param name="PreviousSecretUntil">
/// Until this time deliveries are also signed with the secret from before the last rotation; null without such a secret.
/// </param>
/// <param name="CreatedAt">When the webhook was created.</param>
internal sealed record WebhookResponse(
    Guid Id,
    string Url,
    IReadOnlyList<string>? Events,
    string? Description,
    bool Enabled,
    DateTimeOffset? DisabledAt,
    string? DisabledReason,
    DateTimeOffset? FailingSince,
    DateTimeOffset? PreviousSecretUntil,
    DateTimeOffset CreatedAt)
{
    public static WebhookResponse Of(Webhook webhook) => new(
        webhook.Id,
        webhook.Url,
        webhook.EventPatterns,
        webhook.Description,
        webhook.Enabled,
        webhook.DisabledAt,
        ToWire(webhook.DisabledReason),
        webhook.FailingSince,
        webhook.PreviousSecretUntil,
        webhook.CreatedAt);

    private static string? ToWire(DisabledReason? reason) => reason switch
    {
        null => null,
        AuthService.Webhooks.DisabledReason.ByAdministrator => "BY_ADMINISTRATOR",
        AuthService.Webhooks.DisabledReason.Gone => "GONE",
        AuthService.Webhooks.DisabledReason.Failing => "FAILING",
        _ => "OVERFLOWING",
    };
}

/// <param name="Id">The webhook's id, by which it is changed and deleted.</param>
/// <param name="Url">The address that deliveries are sent to.</param>
/// <param name="Events">The events that are sent; null means every successful event.</param>
/// <param name="Description">A description for people; null when there is none.</param>
/// <param name="Secret">The secret that signs deliveries. It is shown only in this response.</param>
/// <param name="CreatedAt">When the webhook was created.</param>
internal sealed record NewWebhookResponse(Guid Id, string Url, IReadOnlyList<string>? Events, string? Description, string Secret, DateTimeOffset CreatedAt);

/// <param name="Secret">The new secret. It is shown only in this response.</param>
/// <param name="PreviousSecretUntil">Until this time deliveries are signed with the old secret as well.</param>
internal sealed record WebhookSecretResponse(string Secret, DateTimeOffset PreviousSecretUntil);

/// <param name="At">When the attempt began.</param>
/// <param name="Outcome">delivered, wrong_status, gone, timeout, unreachable, tls_failed, address_not_allowed or encryption_key_missing.</param>
/// <param name="StatusCode">The HTTP status that the receiver answered; null when it did not answer.</param>
/// <param name="DurationMs">The duration of the attempt, in milliseconds.</param>
internal sealed record AttemptItem(DateTimeOffset At, string Outcome, int? StatusCode, long DurationMs);

/// <param name="Id">The value of the header <c>webhook-id</c>, which is the same for every attempt.</param>
/// <param name="Event">The <c>type</c> in the body of the delivery.</param>
/// <param name="CreatedAt">When the delivery was created.</param>
/// <param name="Status">WAITING, DELIVERED or FAILED.</param>
/// <param name="NextAttemptAt">When the next attempt is made; null unless the delivery is waiting.</param>
/// <param name="Attempts">The last twenty attempts, oldest first.</param>
internal sealed record DeliveryItem(
    string Id, string Event, DateTimeOffset CreatedAt, string Status, DateTimeOffset? NextAttemptAt, IReadOnlyList<AttemptItem> Attempts)
{
    public static DeliveryItem Of(WebhookDelivery delivery) => new(
        delivery.Id,
        delivery.Event,
        delivery.CreatedAt,
        DeliveryReader.ToWire(delivery.Status),
        delivery.NextAttemptAt,
        [.. WebhookDelivery.ReadLog(delivery.Log).Select(attempt => new AttemptItem(attempt.At, attempt.Outcome, attempt.StatusCode, attempt.DurationMs))]);
}

/// <param name="Items">The deliveries of this page, newest first.</param>
/// <param name="NextCursor">The value to send as <c>cursor</c> to get the next page; null on the last page.</param>
internal sealed record DeliveryPageResponse(IReadOnlyList<DeliveryItem> Items, string? NextCursor);

/// <param name="DeliveryId">The id of the delivery that was created.</param>
internal sealed record DeliveryCreatedResponse(string DeliveryId);

/// <param name="Deliveries">The number of deliveries that were created.</param>
/// <param name="Next">The value to send as <c>from</c> in the next call; null when there are no more events.</param>
/// <param name="After">The value to send as <c>after</c> in that call, because many events can have one time; null when there are no more events.</param>
internal sealed record ReplayResponse(int Deliveries, DateTimeOffset? Next, string? After);
