using System.Buffers.Text;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Revocations;

/// <summary>
/// Verifies access tokens with only the revocation feed, by the rules of src/AuthService/README.md#revocations.
/// </summary>
internal sealed class OfflineValidator(Func<int, AuthHost> host, string credential)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<JsonElement> _revoked = [];
    private int _calls;

    public OfflineValidator(AuthHost host, string credential)
        : this(_ => host, credential)
    {
    }

    public string? Cursor { get; private set; }

    /// <summary>The position in the feed, which can be compared with a receipt's (src/AuthService/README.md#receipts).</summary>
    public long Position => Cursor is null ? 0 : Receipts.PositionOf(Cursor);

    /// <summary>Reads the feed once. If there are several instances, it calls them in turn.</summary>
    /// <returns>The response.</returns>
    public async Task<JsonElement> ReadAsync(int wait = 0)
    {
        var answer = await host(_calls++).ReadFeedAsync(credential, Cursor, wait);
        Cursor = answer.Text("cursor");
        _revoked.AddRange(answer.GetProperty("revoked").EnumerateArray());
        return answer;
    }

    /// <summary>Reads in every fiftieth round, so that reads never overlap. All rounds may take longer than the feed keeps its entries.</summary>
    public Task ReadInTurnAsync(int round) => round % 50 == 49 ? ReadAsync() : Task.CompletedTask;

    /// <summary>Reads until the token is refused; fails after the timeout.</summary>
    public async Task LearnsOfAsync(string token)
    {
        for (var took = Stopwatch.StartNew(); !Refuses(token);)
        {
            Assert.True(took.Elapsed < Patience, $"never heard that this was revoked: {Requests.ClaimsOf(token)}");
            await ReadAsync(wait: 1);
        }
    }

    /// <summary>Reads until the session is known to be revoked; fails after the timeout.</summary>
    public async Task LearnsOfSessionAsync(Guid session)
    {
        for (var took = Stopwatch.StartNew(); !Knows($"{session}");)
        {
            Assert.True(took.Elapsed < Patience, $"never heard of session {session}");
            await ReadAsync(wait: 1);
        }
    }

    /// <summary>Reads until the position reaches a cursor; fails after the timeout.</summary>
    public async Task ComesToAsync(string cursor)
    {
        for (var took = Stopwatch.StartNew(); Position < Receipts.PositionOf(cursor);)
        {
            Assert.True(took.Elapsed < Patience, $"never came to {cursor}, but to {Cursor}");
            await ReadAsync(wait: 1);
        }
    }

    /// <summary>Returns whether an entry has revoked this session.</summary>
    public bool Knows(string session) => _revoked.Any(entry => TextOf(entry, "sid") == session && TextOf(entry, "sub") is null);

    /// <summary>Returns whether an entry has revoked this token.</summary>
    public bool Refuses(string token) => Find(token) is not null;

    public JsonElement? Find(string token)
    {
        var (claims, hash) = (Requests.ClaimsOf(token), HashOf(token));
        return _revoked.Where(entry => Means(entry, claims, hash)).Select(entry => (JsonElement?)entry).LastOrDefault();
    }

    /// <summary>Returns whether an entry of the feed has revoked this token.</summary>
    public static bool Means(JsonElement entry, string token) => Means(entry, Requests.ClaimsOf(token), HashOf(token));

    private static bool Means(JsonElement entry, JsonElement claims, string hash)
    {
        if (TextOf(entry, "tokenHash") is { } revoked)
            return revoked == hash;
        if (TextOf(entry, "apiKeyId") is { } key)
            return key == TextOf(claims, "apiKeyId");
        if (TextOf(entry, "extendedBy") is { } extender)
            return IsExtendedBy(extender, claims) && NumberOf(claims, "iat") < NumberOf(entry, "before");
        var (session, subject) = (TextOf(entry, "sid"), TextOf(entry, "sub"));
        if (session != TextOf(claims, "sid") || (subject is not null && subject != claims.Text("sub")))
            return false;
        if (NumberOf(entry, "securityStamp") is { } stamp && NumberOf(claims, "securityStamp") is { } own)
            return own < stamp;
        return NumberOf(entry, "before") is not { } before || NumberOf(claims, "iat") < before;
    }

    private static bool IsExtendedBy(string extender, JsonElement claims) =>
        claims.GetProperty("extendedByChain").EnumerateArray().Any(id => id.GetString() == extender);

    private static string HashOf(string token)
    {
        var end = token.LastIndexOf('.') + 1;
        var signature = Base64Url.DecodeFromChars(token.AsSpan(end));
        return Base64Url.EncodeToString(SHA256.HashData([.. Encoding.ASCII.GetBytes(token[..end]), .. signature[..(signature.Length / 2)]]));
    }

    private static string? TextOf(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static long? NumberOf(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetInt64() : null;
}
