using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using AuthService.Principals;
using AuthService.Webhooks;

namespace AuthService.Api.Admin;

/// <param name="Url">Where deliveries go: https, without user name, password and fragment, at most 2,000 characters.</param>
/// <param name="Events">Names of the audit log, or beginnings with <c>*</c>; with <c>.refused</c> what was refused. Every success when missing.</param>
/// <param name="Description">For people, at most 250 characters.</param>
internal sealed record NewWebhookRequest([property: Required] string? Url, string[]? Events = null, string? Description = null);

/// <summary>What is not given stays as it is; null empties <c>events</c> and <c>description</c>.</summary>
internal sealed record WebhookPatch
{
    /// <summary>Where deliveries go.</summary>
    public string? Url { get; init; }

    /// <summary>Names of the audit log, or beginnings with <c>*</c>; null: every success.</summary>
    [JsonConverter(typeof(OptionalConverter<string[]>)), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string[]> Events { get; init; }

    /// <summary>For people, at most 250 characters.</summary>
    [JsonConverter(typeof(OptionalConverter<string>)), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string> Description { get; init; }

    /// <summary>Whether anything is sent.</summary>
    public bool? Enabled { get; init; }
}

/// <param name="From">The events of this moment and later, ISO 8601 with offset.</param>
internal sealed record ReplayRequest([property: Required] DateTimeOffset? From)
{
    /// <summary>The <c>after</c> of the answer before, where there was more: only what comes after that.</summary>
    public string? After { get; init; }
}

/// <summary>A webhook.</summary>
/// <param name="Id">By which it is changed and deleted.</param>
/// <param name="Url">Where deliveries go.</param>
/// <param name="Events">Which events it is told of; null: every success.</param>
/// <param name="Description">As it was given.</param>
/// <param name="Enabled">Whether anything is sent.</param>
/// <param name="DisabledAt">Since when nothing is.</param>
/// <param name="DisabledReason">BY_ADMINISTRATOR, GONE (the receiver answered 410), FAILING (five days of nothing but failure) or OVERFLOWING.</param>
/// <param name="FailingSince">The first failure since the last success.</param>
/// <param name="PreviousSecretUntil">Until when what is sent is also signed with the secret from before the last rotation.</param>
/// <param name="CreatedAt">When it was made.</param>
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

/// <param name="Id">By which it is changed and deleted.</param>
/// <param name="Url">Where deliveries go.</param>
/// <param name="Events">Which events it is told of; null: every success.</param>
/// <param name="Description">As it was given.</param>
/// <param name="Secret">What deliveries are signed with, shown this once.</param>
/// <param name="CreatedAt">When it was made.</param>
internal sealed record NewWebhookResponse(Guid Id, string Url, IReadOnlyList<string>? Events, string? Description, string Secret, DateTimeOffset CreatedAt);

/// <param name="Secret">The new one, shown this once.</param>
/// <param name="PreviousSecretUntil">Until then what is sent is signed with both.</param>
internal sealed record WebhookSecretResponse(string Secret, DateTimeOffset PreviousSecretUntil);

/// <param name="At">When it began.</param>
/// <param name="Outcome">delivered, wrong_status, gone, timeout, unreachable, tls_failed, address_not_allowed or encryption_key_missing.</param>
/// <param name="StatusCode">What the receiver answered; null when it did not.</param>
/// <param name="DurationMs">How long it took, in milliseconds.</param>
internal sealed record AttemptItem(DateTimeOffset At, string Outcome, int? StatusCode, long DurationMs);

/// <param name="Id">The header <c>webhook-id</c> of every attempt.</param>
/// <param name="Event">The <c>type</c> of what is sent.</param>
/// <param name="CreatedAt">When it was first to be sent.</param>
/// <param name="Status">WAITING, DELIVERED or FAILED.</param>
/// <param name="NextAttemptAt">When it is tried again; null unless it waits.</param>
/// <param name="Attempts">The last twenty, the oldest first.</param>
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

/// <param name="Items">The newest first.</param>
/// <param name="NextCursor">What to send as <c>cursor</c> for the page after this one; null on the last page.</param>
internal sealed record DeliveryPageResponse(IReadOnlyList<DeliveryItem> Items, string? NextCursor);

/// <param name="DeliveryId">Of the delivery that is made at once.</param>
internal sealed record DeliveryAskedResponse(string DeliveryId);

/// <param name="Deliveries">How many are made at once.</param>
/// <param name="Next">Where to go on, as <c>from</c> of another call; null when these were all.</param>
/// <param name="After">The place from which to go on, as <c>after</c> of that call: more than so many may be of one moment; null when these were all.</param>
internal sealed record ReplayResponse(int Deliveries, DateTimeOffset? Next, string? After);
