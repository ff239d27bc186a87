using System.Net;
using Microsoft.Extensions.Options;

namespace AuthService.Client.Calls;

/// <summary>
/// Retries a call that was answered 503 with <c>Retry-After</c>. The service answers so when it has done nothing, or cannot know. A retry is safe: if a
/// claim was made after all, the next one is a conflict and never a second success. A call that would take effect twice is marked, and is not retried.
/// </summary>
internal sealed class RetryHandler(IOptions<AuthServiceClientOptions> options, TimeProvider clock) : DelegatingHandler
{
    private static readonly HttpRequestOptionsKey<bool> Once = new("AuthService.Once");

    /// <summary>Marks a call that opens or changes a session: if it has taken effect, a retry opens another one or is refused.</summary>
    public static void SendOnce(HttpRequestMessage request) => request.Options.Set(Once, true);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        var most = request.Options.TryGetValue(Once, out _) ? 0 : options.Value.Retries;
        for (var retries = 0; retries < most && WaitAfter(response) is { } wait; retries++)
        {
            response.Dispose();
            await Task.Delay(wait, clock, cancellationToken);
            response = await base.SendAsync(request, cancellationToken);
        }

        return response;
    }

    /// <returns>The time before a retry; null when the call is not retried.</returns>
    private TimeSpan? WaitAfter(HttpResponseMessage response) =>
        response.StatusCode is HttpStatusCode.ServiceUnavailable && RetryAfter.Of(response) is { } wait && wait <= options.Value.LongestWait ? wait : null;
}

internal static class RetryAfter
{
    /// <returns>The header in seconds, the form that AuthService sends; null without it.</returns>
    public static TimeSpan? Of(HttpResponseMessage response) => response.Headers.RetryAfter?.Delta;
}
