using System.Diagnostics;
using System.Globalization;
using Microsoft.Net.Http.Headers;

namespace AuthService.Api.Http;

/// <summary>Writes every error of this service, whoever found it, in the dialect of the surface that was called.</summary>
internal sealed class ErrorWriter(IReadOnlyList<Surface> surfaces, Surface elsewhere)
{
    public Task WriteAsync(HttpContext context, ApiError error)
    {
        var surface = surfaces.FirstOrDefault(s => s.Owns(context.Request.Path)) ?? elsewhere;
        var response = context.Response;
        SecurityHeaders.Apply(context);
        response.StatusCode = error.Status;
        if (error.Status == StatusCodes.Status401Unauthorized)
            response.Headers.WWWAuthenticate = "Bearer";
        if (error.Status == StatusCodes.Status413PayloadTooLarge)
            response.Headers.Connection = "close"; // the rest of the body is not read, so nothing can follow it
        if (error.RetryAfter is { } wait)
            response.Headers[HeaderNames.RetryAfter] = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        if (ErrorPage.Of(context) is { } page)
            return page.WriteAsync(context, error);
        var body = surface.ToBody(error with { TraceId = TraceIdOf(context) });
        return response.WriteAsJsonAsync(body, body.GetType(), options: null, surface.ErrorContentType, context.RequestAborted);
    }

    /// <summary>The one of W3C trace context, the caller's where they sent one; without any tracing the framework's own for the request.</summary>
    private static string TraceIdOf(HttpContext context) => Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;
}
