using System.Globalization;
using AuthService.Api.Http.Browser;
using Microsoft.Net.Http.Headers;

namespace AuthService.Api.Http.Errors;

/// <summary>Writes every error of this service in the format of the called API.</summary>
internal sealed class ErrorWriter(IReadOnlyList<Surface> surfaces, Surface elsewhere, RefusalRecorder refusals)
{
    public Task WriteAsync(HttpContext context, ApiError error)
    {
        var surface = surfaces.FirstOrDefault(s => s.Owns(context.Request.Path)) ?? elsewhere;
        var response = context.Response;
        SecurityHeaders.Apply(context);
        response.StatusCode = error.Status;
        if (error.Status == StatusCodes.Status401Unauthorized)
            response.Headers.WWWAuthenticate = error.Challenge;
        if (error.Status == StatusCodes.Status413PayloadTooLarge)
            response.Headers.Connection = "close"; // the rest of the body is not read, so the connection cannot be used again
        if (error.RetryAfter is { } wait)
            response.Headers[HeaderNames.RetryAfter] = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        refusals.Record(context, error);
        if (ErrorFormat.Of(context) is { } format)
            return format.WriteAsync(context, error);
        var body = surface.ToBody(error with { TraceId = RefusalRecorder.TraceIdOf(context) });
        // The request's own cancellation token is not used: if the caller disconnected, writing the error would throw another exception.
        return response.WriteAsJsonAsync(body, body.GetType(), options: null, surface.ErrorContentType, CancellationToken.None);
    }
}
