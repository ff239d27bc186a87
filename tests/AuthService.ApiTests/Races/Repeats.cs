using System.Net;

namespace AuthService.ApiTests.Races;

/// <summary>
/// Calls that are repeated as a client repeats them: 503 means that the service was too slow for all who wait at this moment,
/// and that nothing was done.
/// </summary>
internal static class Repeats
{
    private const int MostCalls = 40;
    private const int LongestPause = 5;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <returns>The first answer that is not 503, or the last.</returns>
    public static async Task<HttpResponseMessage> WhileUnavailableAsync(Func<Task<HttpResponseMessage>> send)
    {
        for (var calls = 1; ; calls++)
        {
            var response = await send();
            if (response.StatusCode is not HttpStatusCode.ServiceUnavailable || calls == MostCalls)
                return response;
            response.Dispose();
            await Task.Delay(Pause * Math.Min(calls, LongestPause)); // the longer it lasts, the more there is to wait for
        }
    }
}
