using System.Diagnostics;
using AuthService.Principals;

namespace AuthService.Api.Http.Callers;

/// <summary>Checks the caller of a call that has waited (long poll) once more before it is answered.</summary>
internal static class WaitingCalls
{
    /// <summary>The caller of a call that is answered sooner was checked just before.</summary>
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(500);

    /// <param name="context">The call.</param>
    /// <param name="since">When its wait began, as <see cref="Stopwatch.GetTimestamp"/>.</param>
    /// <exception cref="CallerRevokedException">The credential was revoked, or has expired, while the call waited.</exception>
    public static async Task CheckCallerAgainAsync(this HttpContext context, long since)
    {
        if (Stopwatch.GetElapsedTime(since) < ShortestWait || context.RequestAborted.IsCancellationRequested)
            return;
        var credentials = context.RequestServices.GetRequiredService<BearerCredentials>();
        if (BearerToken.Find(context.Request) is not { } text || !await credentials.HoldsAsync(text, ClientInfo.From(context)))
            throw new CallerRevokedException();
    }
}
