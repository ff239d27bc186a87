using System.Buffers;
using System.Buffers.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AuthService.Revocations;

/// <summary>The revocation of all access tokens that match every property that is set here.</summary>
/// <param name="Position">The position of the transaction that revoked them (<see cref="Storage.ICommitOrdered"/>).</param>
/// <param name="Until">When the last of these tokens has expired.</param>
internal sealed record Revocation(long Position, DateTimeOffset Until)
{
    /// <summary>Writes ids without escapes: escaped, long ids in other scripts would make a receipt longer than a header may be.</summary>
    public static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public Guid? SessionId { get; init; }

    public string? Subject { get; init; }

    public int? SecurityStamp { get; init; }

    public Guid? ApiKeyId { get; init; }

    /// <summary>The id of the principal that extended the tokens.</summary>
    public string? ExtendedBy { get; init; }

    public byte[]? TokenHash { get; init; }

    /// <summary>Only tokens that were issued before this time.</summary>
    public DateTimeOffset? Before { get; init; }

    /// <summary>Whether this revokes a whole session.</summary>
    public bool IsSession => SessionId is not null && Subject is null;

    /// <summary>Returns the entry of the feed. Seconds are rounded up, so that no revoked token is left out.</summary>
    public byte[] ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(buffer, Plain);
        return ToJson(buffer, json);
    }

    /// <summary>Does the same with a writer that serves for one revocation after the other. After a bulk revocation they are very many.</summary>
    /// <param name="buffer">What the writer writes to.</param>
    /// <param name="json">A writer with <see cref="Plain"/>.</param>
    public byte[] ToJson(ArrayBufferWriter<byte> buffer, Utf8JsonWriter json)
    {
        buffer.ResetWrittenCount();
        json.Reset();
        json.WriteStartObject();
        if (SessionId is { } session)
            json.WriteString("sid", session);
        if (Subject is not null)
            json.WriteString("sub", Subject);
        if (ApiKeyId is { } key)
            json.WriteString("apiKeyId", key);
        if (TokenHash is not null)
            json.WriteString("tokenHash", Base64Url.EncodeToString(TokenHash));
        if (ExtendedBy is not null)
            json.WriteString("extendedBy", ExtendedBy);
        if ((Subject ?? ExtendedBy) is not null && Before is { } before)
            json.WriteNumber("before", SecondsUp(before));
        if (SecurityStamp is { } stamp)
            json.WriteNumber("securityStamp", stamp);
        json.WriteNumber("until", SecondsUp(Until));
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static long SecondsUp(DateTimeOffset moment)
    {
        var seconds = moment.ToUnixTimeSeconds();
        return moment.Ticks % TimeSpan.TicksPerSecond == 0 ? seconds : seconds + 1;
    }
}
