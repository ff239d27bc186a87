using System.Net;
using Microsoft.Extensions.Options;

namespace AuthService.Client.Calls;

/// <summary>
/// Makes a call again that was answered 503, as long as the answer says when to. The service answers so when it has done nothing, or when it
/// cannot know; then to call again is safe: a claim that was made after all is a conflict, never a second success.
/// </summary>
internal sealed class RetryHandler(IOptions<AuthServiceClientOptions> options, TimeProvider clock) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        for (var retries = 0; retries < options.Value.Retries && WaitAfter(response) is { } wait; retries++)
        {
            response.Dispose();
            await Task.Delay(wait, clock, cancellationToken);
            response = await base.SendAsync(request, cancellationToken);
        }

        return response;
    }

    /// <returns>Null when this answer is to be taken as it is.</returns>
    private TimeSpan? WaitAfter(HttpResponseMessage response) =>
        response.StatusCode is HttpStatusCode.ServiceUnavailable && RetryAfter.Of(response) is { } wait && wait <= options.Value.LongestWait ? wait : null;
}

internal static class RetryAfter
{
    /// <returns>Null without the header in seconds, which is the form that AuthService sends.</returns>
    public static TimeSpan? Of(HttpResponseMessage response) => response.Headers.RetryAfter?.Delta;
}
