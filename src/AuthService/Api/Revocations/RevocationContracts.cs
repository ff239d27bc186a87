using System.Globalization;
using System.Text.Json.Serialization;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Api.Http.OpenApi;
using AuthService.Revocations;

namespace AuthService.Api.Revocations;

/// <param name="Cursor">What to send as <c>after</c> next time.</param>
/// <param name="Now">As of when this is complete, in seconds since 1970 with a fraction.</param>
/// <param name="Revoked">In the order in which they became known; one may come twice.</param>
internal sealed record RevocationsResponse(string Cursor, decimal Now, IReadOnlyList<RevocationItem> Revoked)
{
    /// <summary>True when there is more to be read at once; until then the reader does not know all.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? More { get; init; }

    /// <summary>True when <c>after</c> was of another database or of one that was restored: this begins with everything that still matters.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Restarted { get; init; }
}

/// <summary>
/// Access tokens that do not hold any more: those with which every member agrees. With <c>sub</c> and without <c>sid</c> only tokens are meant that have
/// no <c>sid</c>.
/// </summary>
/// <param name="Until">When the last of them has expired, in seconds since 1970: this can be forgotten then.</param>
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

    /// <summary>Tokens whose <c>extendedByChain</c> has this principal.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ExtendedBy { get; init; }

    /// <summary>One token: base64url of SHA-256 of all that is signed, the dot behind it, and the first half of the signature's bytes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TokenHash { get; init; }

    /// <summary>Tokens whose <c>iat</c> is less, in seconds since 1970.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Before { get; init; }

    /// <summary>Tokens whose <c>securityStamp</c> is less; for them <c>before</c> does not matter.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? SecurityStamp { get; init; }
}

/// <param name="After">How far the reader has come; null for one that begins.</param>
/// <param name="Wait">How long an answer may wait for a revocation.</param>
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
