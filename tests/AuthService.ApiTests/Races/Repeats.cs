using System.Net;

namespace AuthService.ApiTests.Races;

/// <summary>
/// Repeats calls as a client does. The status 503 means that the service was too slow for all calls that wait at this moment, and that nothing was
/// done.
/// </summary>
internal static class Repeats
{
    private const int MostCalls = 40;
    private const int LongestPause = 5;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <returns>The first response that is not 503, or the last one.</returns>
    public static async Task<HttpResponseMessage> WhileUnavailableAsync(Func<Task<HttpResponseMessage>> send)
    {
        for (var calls = 1; ; calls++)
        {
            var response = await send();
            if (response.StatusCode is not HttpStatusCode.ServiceUnavailable || calls == MostCalls)
                return response;
            response.Dispose();
            await Task.Delay(Pause * Math.Min(calls, LongestPause)); // the longer it lasts, the more calls there are to wait for
        }
    }
}
