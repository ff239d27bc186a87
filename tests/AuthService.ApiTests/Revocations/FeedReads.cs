using System.Diagnostics;
using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Hosting;

namespace AuthService.ApiTests.Revocations;

/// <summary>Reads the feed as its readers do: they retry while the response is 503.</summary>
internal static class FeedReads
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Reads the feed once, after the cursor of the previous response. Waits for an entry for at most this number of seconds.</summary>
    public static async Task<JsonElement> ReadFeedAsync(this AuthHost host, string bearer, string? cursor, int wait)
    {
        var path = $"/revocations?wait={wait}{(cursor is null ? "" : $"&after={cursor}")}";
        for (var waited = Stopwatch.StartNew(); ; await Task.Delay(100))
        {
            using var answer = await host.GetAsync(path, bearer);
            if (answer.StatusCode is not HttpStatusCode.ServiceUnavailable || waited.Elapsed > Patience)
                return await answer.ExpectAsync(HttpStatusCode.OK);
        }
    }
}
