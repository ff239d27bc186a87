using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using AuthService.Audit;
using AuthService.Principals;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Webhooks;

/// <param name="Id">The id, constant for an audit entry, also in a replay. It differs for an entry that reuses the number after a backup was
/// restored.</param>
/// <param name="Type">The type, by <see cref="EventPattern"/>.</param>
/// <param name="Payload">The body of the request.</param>
internal sealed record WebhookMessage(string Id, string Type, string Payload);

/// <summary>The body of a message: the event, and ids with which the receiver can request more.</summary>
internal sealed record WebhookBody<T>(string Type, DateTime Timestamp, T Data);

/// <param name="Number">The number of the audit entry.</param>
/// <param name="Outcome"><c>success</c> or <c>refused</c>.</param>
/// <param name="Principal">The id of the principal that the event is about; null when no principal has the recorded name.</param>
/// <param name="SessionId">The id of the session that the event is about; null when there is none.</param>
/// <param name="Actor">The id of the principal who acted; null for the service itself, for a command, and when nobody was signed in.</param>
internal sealed record EntryData(long Number, string Outcome, string? Principal, Guid? SessionId, string? Actor);

internal sealed record PingData(Guid WebhookId);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(WebhookBody<EntryData>))]
[JsonSerializable(typeof(WebhookBody<PingData>))]
internal sealed partial class WebhookJson : JsonSerializerContext;

/// <summary>Creates messages from audit entries, without addresses, details and other free text.</summary>
internal sealed class WebhookMessages(Store store)
{
    public static WebhookMessage Ping(Guid webhook, DateTimeOffset now)
    {
        var body = new WebhookBody<PingData>(EventPattern.Ping, now.UtcDateTime, new PingData(webhook));
        var payload = JsonSerializer.Serialize(body, WebhookJson.Default.WebhookBodyPingData);
        return new WebhookMessage($"ping_{Guid.CreateVersion7(now):N}", EventPattern.Ping, payload);
    }

    /// <summary>Creates the messages in the order of the entries.</summary>
    public async Task<IReadOnlyList<WebhookMessage>> CreateAsync(IReadOnlyList<AuditEntry> entries)
    {
        var known = await FindKnownAsync(entries);
        return [.. entries.Select(entry => Create(entry, known))];
    }

    /// <summary>
    /// Finds the ids that belong to a principal. At a sign-in anything can be typed as the name, even a password, so only existing or former ids are sent.
    /// </summary>
    private async Task<HashSet<string>> FindKnownAsync(IReadOnlyList<AuditEntry> entries)
    {
        var folded = entries.Select(entry => entry.Principal).OfType<string>().Select(PrincipalName.Fold).Distinct(StringComparer.Ordinal).ToArray();
        var known = await store.ReadAsync(db => db.Set<Principal>().Where(p => folded.Contains(p.FoldedId)).Select(p => p.Id).ToListAsync());
        return known.ToHashSet(StringComparer.Ordinal);
    }

    private static WebhookMessage Create(AuditEntry entry, HashSet<string> known)
    {
        var type = EventPattern.TypeOf(entry);
        var data = new EntryData(
            entry.Number,
            entry.Outcome is AuditOutcome.Success ? "success" : "refused",
            entry.Principal is { } principal && known.Contains(principal) ? principal : null,
            entry.SessionId,
            entry.ActorKind is AuditActorKind.Principal && (entry.Actor != entry.Principal || known.Contains(entry.Actor ?? "")) ? entry.Actor : null);
        var id = string.Create(CultureInfo.InvariantCulture, $"evt_{entry.Number}_{UnixMicroseconds.From(entry.At):x}");
        var body = new WebhookBody<EntryData>(type, entry.At.UtcDateTime, data);
        return new WebhookMessage(id, type, JsonSerializer.Serialize(body, WebhookJson.Default.WebhookBodyEntryData));
    }
}
