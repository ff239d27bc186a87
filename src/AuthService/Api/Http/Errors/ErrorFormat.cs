using Microsoft.AspNetCore.Diagnostics;

namespace AuthService.Api.Http.Errors;

/// <summary>
/// Metadata of an endpoint whose errors are not written as its surface writes them: it answers people and not programs, with pages, or programs as a
/// specification says.
/// </summary>
/// <param name="WriteAsync">Writes the page, or the body; status and headers are set.</param>
internal sealed record ErrorFormat(Func<HttpContext, ApiError, Task> WriteAsync)
{
    /// <returns>Null where the surface writes them.</returns>
    public static ErrorFormat? Of(HttpContext context) => context.FindCalledEndpoint()?.Metadata.GetMetadata<ErrorFormat>();
}

internal static class CalledEndpoint
{
    /// <summary>After an exception the framework has forgotten the endpoint, but for this feature.</summary>
    public static Endpoint? FindCalledEndpoint(this HttpContext context) =>
        context.GetEndpoint() ?? context.Features.Get<IExceptionHandlerFeature>()?.Endpoint;
}
