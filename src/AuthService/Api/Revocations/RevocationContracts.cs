using System.Globalization;
using System.Text.Json.Serialization;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Api.Http.OpenApi;
using AuthService.Revocations;

namespace AuthService.Api.Revocations;

/// <param name="Cursor">The value to send as <c>after</c> in the next call.</param>
/// <param name="Now">The time up to which the list is complete, in seconds since 1970 with a fraction.</param>
/// <param name="Revoked">The revocations, in the order in which they became known. One can appear twice.</param>
internal sealed record RevocationsResponse(string Cursor, decimal Now, IReadOnlyList<RevocationItem> Revoked)
{
    /// <summary>True when more revocations can be read at once. Until then the reader does not know all of them. Absent otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? More { get; init; }

    /// <summary>
    /// True when the database is another one or was restored since <c>after</c>, or when <c>after</c> is older than what is kept. The list then starts again
    /// with every revocation that still matters. Absent otherwise.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Restarted { get; init; }
}

/// <summary>
/// A set of access tokens that are revoked: those that match every member here. With <c>sub</c> and without <c>sid</c>, only tokens that have no <c>sid</c>
/// match.
/// </summary>
/// <param name="Until">When the last matching token has expired, in seconds since 1970. The reader can then forget this item.</param>
internal sealed record RevocationItem(long Until)
{
    /// <summary>Tokens of this session.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? Sid { get; init; }

    /// <summary>Tokens of this principal.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Sub { get; init; }

    /// <summary>Tokens that were issued for this API key.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? ApiKeyId { get; init; }

    /// <summary>Tokens that have this principal in their <c>extendedByChain</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ExtendedBy { get; init; }

    /// <summary>One token. The value is base64url of SHA-256 of the signed part, the dot after it, and the first half of the signature's bytes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TokenHash { get; init; }

    /// <summary>Tokens with an earlier <c>iat</c>, in seconds since 1970.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Before { get; init; }

    /// <summary>Tokens with a smaller <c>securityStamp</c>. For tokens that have one, this decides and <c>before</c> does not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? SecurityStamp { get; init; }
}

/// <param name="After">The cursor that the reader has reached; null for the first call.</param>
/// <param name="Wait">How long the call waits for a revocation when there is none yet.</param>
internal sealed record RevocationQuery(RevocationCursor? After, TimeSpan Wait);

internal sealed class RevocationQueryReader : IInputReader<RevocationQuery>
{
    private const string Cursors = "the cursor of an answer, unchanged";

    private static readonly string Waits = $"a whole number of seconds from 0 to {RevocationFeed.LongestWait.TotalSeconds:0}";

    public static ApiError BadCursor => QueryValues.Bad("after", Cursors);

    public static ApiError BadWait => QueryValues.Bad("wait", Waits);

    public static void Document(EndpointBuilder endpoint)
    {
        endpoint.Metadata.Add(new ReadsParameter("after", $"{Cursors}; without one everything that still matters is answered at once"));
        var answer = "until an answer without revocations says that there were none";
        endpoint.Metadata.Add(new ReadsParameter("wait", $"{Waits}, {answer}; 0 when missing") { IsNumber = true });
    }

    public static ValueTask<ReadResult<RevocationQuery>> ReadAsync(HttpContext context) => ValueTask.FromResult(Read(new QueryValues(context.Request.Query)));

    private static ReadResult<RevocationQuery> Read(QueryValues query)
    {
        var after = query.Read<RevocationCursor?>("after", null, Cursors, TryReadCursor);
        var wait = query.Read("wait", 0, Waits, TryReadWait);
        return query.Fault is { } fault ? fault : new RevocationQuery(after, TimeSpan.FromSeconds(wait));
    }

    private static bool TryReadCursor(string text, out RevocationCursor? cursor)
    {
        var isCursor = RevocationCursor.TryParse(text, out var read);
        cursor = read;
        return isCursor;
    }

    private static bool TryReadWait(string text, out int seconds) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out seconds) && seconds <= RevocationFeed.LongestWait.TotalSeconds;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RevocationsResponse))]
internal sealed partial class RevocationJson : JsonSerializerContext;
