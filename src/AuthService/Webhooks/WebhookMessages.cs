using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using AuthService.Audit;
using AuthService.Principals;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Webhooks;

/// <param name="Id">The same for the same audit entry, also in a replay, and another one for an entry that got its number after a backup was restored.</param>
/// <param name="Type">By <see cref="EventPattern"/>.</param>
/// <param name="Payload">The body.</param>
internal sealed record WebhookMessage(string Id, string Type, string Payload);

/// <summary>The body: what happened, and ids by which the receiver can ask for more.</summary>
internal sealed record WebhookBody<T>(string Type, DateTime Timestamp, T Data);

/// <param name="Number">Of the audit entry.</param>
/// <param name="Outcome">success or refused.</param>
/// <param name="Principal">The id of the principal who was acted upon; null when nobody has the name on record.</param>
/// <param name="SessionId">The session that it is about.</param>
/// <param name="Actor">The id of the principal who acted; null for the service itself, for a command, and when nobody was signed in.</param>
internal sealed record EntryData(long Number, string Outcome, string? Principal, Guid? SessionId, string? Actor);

internal sealed record PingData(Guid WebhookId);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(WebhookBody<EntryData>))]
[JsonSerializable(typeof(WebhookBody<PingData>))]
internal sealed partial class WebhookJson : JsonSerializerContext;

/// <summary>Makes messages of audit entries: without addresses, details and whatever else is text.</summary>
internal sealed class WebhookMessages(Store store)
{
    public static WebhookMessage Ping(Guid webhook, DateTimeOffset now)
    {
        var body = new WebhookBody<PingData>(EventPattern.Ping, now.UtcDateTime, new PingData(webhook));
        var payload = JsonSerializer.Serialize(body, WebhookJson.Default.WebhookBodyPingData);
        return new WebhookMessage($"ping_{Guid.CreateVersion7(now):N}", EventPattern.Ping, payload);
    }

    /// <summary>In the order of the entries.</summary>
    public async Task<IReadOnlyList<WebhookMessage>> CreateAsync(IReadOnlyList<AuditEntry> entries)
    {
        var known = await FindKnownAsync(entries);
        return [.. entries.Select(entry => Create(entry, known))];
    }

    /// <summary>At a sign-in anything may be typed in the place of a name, a password too: an id is sent only when somebody has it, or had.</summary>
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
