using System.Diagnostics;
using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Hosting;

namespace AuthService.ApiTests.Revocations;

/// <summary>Reads the feed as its readers do: while a 503 says that it cannot be read at the moment, they try again.</summary>
internal static class FeedReads
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <param name="host">Which is asked.</param>
    /// <param name="bearer">Whose reader it is.</param>
    /// <param name="cursor">Of the last answer; null for the first one.</param>
    /// <param name="wait">For how many seconds at most.</param>
    /// <returns>The answer.</returns>
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
