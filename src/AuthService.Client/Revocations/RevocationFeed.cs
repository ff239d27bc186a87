using System.Globalization;
using System.Text.Json;
using AuthService.Client.Calls;

namespace AuthService.Client.Revocations;

/// <summary>An answer of <c>GET /revocations</c> (src/AuthService.Client/README.md#revoked-tokens).</summary>
/// <param name="Cursor">The position in the feed, for the next poll.</param>
/// <param name="Now">AuthService's clock, in seconds since 1970.</param>
/// <param name="Revoked">The revocations after the cursor of the poll.</param>
/// <param name="More">Whether the feed has more entries at this moment.</param>
/// <param name="Restarted">Whether the cursor of the poll was unusable, so that the feed begins again.</param>
internal sealed record FeedAnswer(
    string Cursor, double Now, IReadOnlyList<JsonElement> Revoked, bool More = false, bool Restarted = false);

/// <summary>Polls the feed once, as this service.</summary>
internal sealed class RevocationFeed(IHttpClientFactory http, TimeProvider clock)
{
    public const string HttpClientName = "AuthService.Revocations";

    /// <summary>The largest answer that is read, in bytes. A page of the feed is far smaller.</summary>
    public const long LargestAnswer = 64 << 20;

    /// <summary>How long an answer may take beyond its wait.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Gets the next part of the feed.</summary>
    /// <param name="cursor">The cursor of the last answer; null to begin with every revocation that still matters.</param>
    /// <param name="wait">How long AuthService may hold the poll while there is nothing new.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="AuthServiceException">AuthService refuses the cursor (400) or this service (401, 403), or does not know at this moment (503).
    /// </exception>
    /// <exception cref="HttpRequestException">AuthService cannot be reached, or something else has answered.</exception>
    /// <exception cref="OperationCanceledException">The answer took ten seconds longer than the wait.</exception>
    public async Task<FeedAnswer> GetAsync(string? cursor, TimeSpan wait, CancellationToken cancellationToken)
    {
        var after = cursor is null ? "" : $"after={Uri.EscapeDataString(cursor)}&";
        var path = string.Create(CultureInfo.InvariantCulture, $"revocations?{after}wait={wait.TotalSeconds:0}");
        using var patience = new CancellationTokenSource(wait + Patience, clock);
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        using var client = http.CreateClient(HttpClientName);
        var answer = await new ServiceCalls(client).ReadAsync(HttpMethod.Get, path, content: null, ClientJson.Default.FeedAnswer, limited.Token);
        return answer.Cursor.Length > 0 ? answer : throw ServiceCalls.AnsweredByAnother();
    }
}
