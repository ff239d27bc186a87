using System.Globalization;
using System.Text.Json;
using AuthService.Client.Calls;

namespace AuthService.Client.Revocations;

/// <summary>An answer of <c>GET /revocations</c> (src/AuthService.Client/README.md#revoked-tokens).</summary>
/// <param name="Cursor">What the next poll asks after.</param>
/// <param name="Now">AuthService's clock, in seconds since 1970.</param>
/// <param name="Revoked">What has been revoked after the cursor that was asked after.</param>
/// <param name="More">Whether there is more at this moment.</param>
/// <param name="Restarted">Whether that cursor could not be used, so that this is all that matters, from the beginning.</param>
internal sealed record FeedAnswer(
    string Cursor, double Now, IReadOnlyList<JsonElement> Revoked, bool More = false, bool Restarted = false);

/// <summary>Asks once for what has been revoked, as this service.</summary>
internal sealed class RevocationFeed(IHttpClientFactory http, TimeProvider clock)
{
    public const string HttpClientName = "AuthService.Revocations";

    /// <summary>In bytes; a page of the feed is far smaller.</summary>
    public const long LargestAnswer = 64 << 20;

    /// <summary>How much longer than it was to wait an answer may take.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <param name="cursor">Of the last answer; null for everything that still matters.</param>
    /// <param name="wait">How long AuthService may wait for something to say.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="AuthServiceException">AuthService refuses: 400 the cursor, 401 and 403 this service, 503 while it does not know itself.</exception>
    /// <exception cref="HttpRequestException">It cannot be reached, or something else has answered.</exception>
    /// <exception cref="OperationCanceledException">It takes ten seconds longer than it was to wait.</exception>
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
