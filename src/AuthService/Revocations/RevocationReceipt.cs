using System.Buffers;
using System.Text;
using System.Text.Json;
using AuthService.Storage;

namespace AuthService.Revocations;

/// <summary>The revocations of one call (src/AuthService/README.md#receipts).</summary>
/// <param name="RevokedAt">The time of the revocation.</param>
/// <param name="OfflineUntil">When the last revoked access token that was issued before expires.</param>
/// <param name="Place">The place of the transaction in the commit order; of several transactions, the last one.</param>
/// <param name="Revoked">The entries of the feed; of many sessions, only some.</param>
internal sealed record RevocationReceipt(DateTimeOffset RevokedAt, DateTimeOffset OfflineUntil, CommitPlace Place, IReadOnlyList<Revocation> Revoked)
{
    /// <summary>
    /// The limit for the listed sessions and the other entries (at most two ids), in bytes of JSON. It keeps a receipt below 4 KB, and usually below 2 KB. A
    /// proxy refuses a response with headers that are too long (nginx: 4 or 8 KB in total).
    /// </summary>
    private const int LongestList = 1_600;

    /// <summary>The number of ended sessions.</summary>
    public int Sessions { get; init; }

    /// <summary>The cursor that a reader of the feed reaches once it knows all of these revocations.</summary>
    private RevocationCursor Cursor => new(Place.Epoch, Place.Position + 1);

    /// <summary>All entries that are not sessions, and as many sessions as fit.</summary>
    private IEnumerable<byte[]> Listed
    {
        get
        {
            byte[][] others = [.. Revoked.Where(revocation => !revocation.IsSession).Select(revocation => revocation.ToJson())];
            var length = others.Sum(entry => entry.Length);
            var sessions = Revoked.Where(revocation => revocation.IsSession).Take(RevokedSessions.MostIds).Select(revocation => revocation.ToJson());
            return others.Concat(sessions.TakeWhile(entry => (length += entry.Length) <= LongestList));
        }
    }

    /// <summary>Combines two receipts of a call that revokes several things.</summary>
    public RevocationReceipt With(RevocationReceipt other) => new(
        RevokedAt > other.RevokedAt ? RevokedAt : other.RevokedAt,
        OfflineUntil > other.OfflineUntil ? OfflineUntil : other.OfflineUntil,
        Place.Position > other.Place.Position ? Place : other.Place,
        [.. Revoked, .. other.Revoked])
    {
        Sessions = Sessions + other.Sessions,
    };

    /// <param name="issuer">The issuer of this service's tokens.</param>
    /// <param name="now">The time of the receipt.</param>
    /// <returns>The claims of the receipt. Entries that are not sessions are always listed.</returns>
    public string ToJson(string issuer, DateTimeOffset now)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("iss", issuer);
            json.WriteNumber("iat", now.ToUnixTimeSeconds());
            json.WriteString("jti", Guid.CreateVersion7(now));
            json.WriteStartArray("revoked");
            foreach (var entry in Listed)
                json.WriteRawValue(entry, skipInputValidation: true);
            json.WriteEndArray();
            json.WriteNumber("sessions", Sessions);
            json.WriteNumber("revokedAt", RevokedAt.ToUnixTimeMilliseconds() / 1000m);
            json.WriteNumber("offlineUntil", OfflineUntil.ToUnixTimeSeconds());
            json.WriteString("cursor", Cursor.ToString());
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
