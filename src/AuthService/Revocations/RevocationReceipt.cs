using System.Buffers;
using System.Text;
using System.Text.Json;
using AuthService.Storage;

namespace AuthService.Revocations;

/// <summary>What one call has revoked (src/AuthService/README.md#receipts).</summary>
/// <param name="RevokedAt">When.</param>
/// <param name="OfflineUntil">When the last access token of it has expired that was issued before.</param>
/// <param name="Place">Of the transaction, of several the last one.</param>
/// <param name="Revoked">As it stands in the feed; of many sessions some.</param>
internal sealed record RevocationReceipt(DateTimeOffset RevokedAt, DateTimeOffset OfflineUntil, CommitPlace Place, IReadOnlyList<Revocation> Revoked)
{
    /// <summary>
    /// In bytes of JSON, for sessions beside what else there is, two ids at most: with it a receipt is shorter than 4 KB, and mostly shorter than 2. A proxy
    /// refuses an answer whose headers are longer than it expects (nginx: 4 or 8 KB in all).
    /// </summary>
    private const int LongestList = 1_600;

    /// <summary>How many sessions it has ended.</summary>
    public int Sessions { get; init; }

    /// <summary>What a reader of the feed has come to once it knows all of this.</summary>
    private RevocationCursor Cursor => new(Place.Epoch, Place.Position + 1);

    /// <summary>What is no session, and as many sessions as fit.</summary>
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

    /// <summary>Both of them, where a call revokes several things.</summary>
    public RevocationReceipt With(RevocationReceipt other) => new(
        RevokedAt > other.RevokedAt ? RevokedAt : other.RevokedAt,
        OfflineUntil > other.OfflineUntil ? OfflineUntil : other.OfflineUntil,
        Place.Position > other.Place.Position ? Place : other.Place,
        [.. Revoked, .. other.Revoked])
    {
        Sessions = Sessions + other.Sessions,
    };

    /// <param name="issuer">Of our tokens.</param>
    /// <param name="now">The moment of the receipt.</param>
    /// <returns>The claims. What is no session is always listed.</returns>
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
